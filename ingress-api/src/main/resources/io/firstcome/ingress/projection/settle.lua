-- Takes note of decided claims of one coupon.
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 the log that is projected   2 how long to keep a coupon after it closes, ms
--       then for each claim: user, requestId, holding (empty when it was rejected, else it begins with the sequence)
-- Reply how many claims
--
-- Repeating it changes nothing. A reservation goes only with the request that it was made for.

local facts = redis.call('HMGET', KEYS[1], 'log', 'closesAt', 'issued', 'digest')
if facts[1] and facts[1] ~= ARGV[1] then
  redis.call('DEL', unpack(KEYS))
  facts = {false, false, false, false}
end
-- Holders are written beside their digest: those without one, another log may have left when its facts were lost.
if not facts[4] then redis.call('UNLINK', KEYS[2]) end

-- What HolderDigest computes from the holders that are found: it differs once anybody else has written them.
local function digest(user, holding)
  return tonumber(string.sub(redis.sha1hex(user .. '=' .. holding), 1, 8), 16)
end

local highest, sum, changed = 0, 0, false
if redis.call('EXISTS', KEYS[2]) == 1 then sum = tonumber(facts[4]) or 0 end

for i = 3, #ARGV, 3 do
  local user, request, holding = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if holding ~= '' then
    local held = redis.call('HGET', KEYS[2], user)
    if held ~= holding then
      redis.call('HSET', KEYS[2], user, holding)
      changed = true
      sum = (sum + digest(user, holding) - (held and digest(user, held) or 0)) % 4294967296
    end
    highest = math.max(highest, tonumber(string.match(holding, '^%d+')))
  end
  if redis.call('HGET', KEYS[4], user) == request then
    redis.call('ZREM', KEYS[3], user)
    redis.call('HDEL', KEYS[4], user)
  end
end

if changed then redis.call('HSET', KEYS[1], 'digest', sum) end
if facts[1] then
  if highest > tonumber(facts[3]) then redis.call('HSET', KEYS[1], 'issued', highest) end
  redis.call('PEXPIREAT', KEYS[2], facts[2] + ARGV[2])
else
  -- Until the coupon's state is projected, which says when it closes.
  for i = 1, 2 do
    if redis.call('PTTL', KEYS[i]) == -1 then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
  end
end
return (#ARGV - 2) / 3
