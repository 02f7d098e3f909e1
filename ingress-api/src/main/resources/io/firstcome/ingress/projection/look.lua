-- Looks at one coupon and touches nothing.
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 a time by which every reservation has ended, ms
-- Reply {types} {lives left, ms; -1 for ever, -2 no such key} {facts as field, value} how many are issued,
--       how many reservations last longer. Keys of a wrong type count as empty.

local kinds, types, lives = {'hash', 'hash', 'zset', 'hash'}, {}, {}
for i, key in ipairs(KEYS) do
  types[i], lives[i] = redis.call('TYPE', key).ok, redis.call('PTTL', key)
end

local function ask(i, nothing, ...)
  if types[i] == kinds[i] then return redis.call(...) end
  return nothing
end

return {types, lives, ask(1, {}, 'HGETALL', KEYS[1]), ask(2, 0, 'HLEN', KEYS[2]),
  ask(3, 0, 'ZCOUNT', KEYS[3], '(' .. ARGV[1], '+inf')}
