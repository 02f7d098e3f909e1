-- Records decided claims of one coupon: outcomes that are followed, and holders that a fill reads from the authority.
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 the id of the log that is projected   2 how long to keep a coupon after it closes, ms
--       then for each claim: user, requestId, entry (empty when it was rejected, else it begins with the sequence)
-- Reply how many claims
--
-- A repeated run changes nothing. A reservation is removed only with the request that it was made for.
-- The count of issued coupons in facts is never below the highest sequence in `issued`. Each sequence has one holder, so
-- the holders are complete exactly when there are as many of them as the count says.

-- Another program wrote a key that has another type. Every command on it would fail, so it is removed.
for i, type in ipairs({'hash', 'hash', 'zset', 'hash'}) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= type and found ~= 'none' then redis.call('UNLINK', KEYS[i]) end
end

local facts = redis.call('HMGET', KEYS[1], 'log', 'closesAt', 'issued')
local counted, closes = tonumber(facts[3] or 0), tonumber(facts[2])
-- Holders without facts of this log come from before an eviction or from another log: they could exceed the count.
if facts[1] ~= ARGV[1] or not counted then
  redis.call('UNLINK', KEYS[1], KEYS[2])
  if facts[1] and facts[1] ~= ARGV[1] then redis.call('UNLINK', KEYS[3], KEYS[4]) end
  redis.call('HSET', KEYS[1], 'log', ARGV[1])
  counted, closes = 0, nil
end

local highest = 0
for i = 3, #ARGV, 3 do
  local user, request, entry = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if entry ~= '' then
    highest = math.max(highest, tonumber(string.match(entry, '^%d+')))
    redis.call('HSET', KEYS[2], user, entry)
  end
  if redis.call('HGET', KEYS[4], user) == request then
    redis.call('ZREM', KEYS[3], user)
    redis.call('HDEL', KEYS[4], user)
  end
end

if highest > counted then redis.call('HSET', KEYS[1], 'issued', highest) end
if closes then
  redis.call('PEXPIREAT', KEYS[2], closes + ARGV[2])
else
  -- The coupon's state, which says when the coupon closes, has not been recorded yet.
  for i = 1, 2 do
    if redis.call('PTTL', KEYS[i]) == -1 then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
  end
end
return (#ARGV - 2) / 3
