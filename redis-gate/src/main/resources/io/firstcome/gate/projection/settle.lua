-- Records decided claims of one coupon.
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 the log that is projected   2 how long to keep a coupon after it closes, ms
--       then for each claim: user, requestId, holding (empty when it was rejected, else it begins with the sequence)
-- Reply how many claims
--
-- A repeated run changes nothing. A reservation is removed only with the request that it was made for.
-- The count of issued coupons is never below the highest sequence in `issued`. Each sequence has one holder, so the
-- holders are complete exactly when there are as many of them as the count says.

local facts = redis.call('HMGET', KEYS[1], 'log', 'closesAt', 'issued')
-- Holders without facts of this log come from another log, or from before an eviction: they prove nothing.
if facts[1] ~= ARGV[1] then
  redis.call('UNLINK', unpack(KEYS))
  redis.call('HSET', KEYS[1], 'log', ARGV[1])
  facts = {ARGV[1], false, false}
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

if highest > tonumber(facts[3] or 0) then redis.call('HSET', KEYS[1], 'issued', highest) end
if facts[2] then
  redis.call('PEXPIREAT', KEYS[2], facts[2] + ARGV[2])
else
  -- Until the coupon's state is projected, which says when it closes.
  for i = 1, 2 do
    if redis.call('PTTL', KEYS[i]) == -1 then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
  end
end
return (#ARGV - 2) / 3
