-- Takes note of decided claims of one coupon.
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 the log that is projected   2 how long to keep a coupon after it closes, ms
--       then for each claim: user, requestId, holding (empty when it was rejected, else it begins with the sequence)
-- Reply how many claims
--
-- Repeating it changes nothing. A reservation goes only with the request that it was made for.

local facts = redis.call('HMGET', KEYS[1], 'log', 'closesAt', 'issued')
if facts[1] and facts[1] ~= ARGV[1] then
  redis.call('DEL', unpack(KEYS))
  facts = {false, false, false}
end

local highest = 0
for i = 3, #ARGV, 3 do
  local user, request, holding = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if holding ~= '' then
    redis.call('HSET', KEYS[2], user, holding)
    highest = math.max(highest, tonumber(string.match(holding, '^%d+')))
  end
  if redis.call('HGET', KEYS[4], user) == request then
    redis.call('ZREM', KEYS[3], user)
    redis.call('HDEL', KEYS[4], user)
  end
end

if facts[1] then
  if highest > tonumber(facts[3]) then redis.call('HSET', KEYS[1], 'issued', highest) end
  redis.call('PEXPIREAT', KEYS[2], facts[2] + ARGV[2])
elseif redis.call('PTTL', KEYS[2]) == -1 then
  -- Until the coupon's state is projected, which says when it closes.
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
end
return (#ARGV - 2) / 3
