-- Records the state of a coupon, if it is newer than the one that Redis holds.
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 the id of the log that is projected   2 how long to keep a coupon after it closes, ms
--       3 version   4 issued   5 revoked   6… the other facts as field, value; the last value is closesAt, ms
-- Reply 1 when it was newer, else 0

-- Another program wrote a key that has another type. Every command on it would fail, so it is removed.
for i, type in ipairs({'hash', 'hash', 'zset', 'hash'}) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= type and found ~= 'none' then redis.call('UNLINK', KEYS[i]) end
end

local facts = redis.call('HMGET', KEYS[1], 'log', 'version', 'issued', 'revoked')
local knownVersion, knownIssued = tonumber(facts[2] or 0), tonumber(facts[3] or 0)
local knownRevoked = tonumber(facts[4] or 0)
-- Holders without facts of this log come from before an eviction or from another log: they could exceed the count.
if facts[1] ~= ARGV[1] or not knownVersion or not knownIssued or not knownRevoked then
  redis.call('UNLINK', KEYS[1], KEYS[2])
  if facts[1] and facts[1] ~= ARGV[1] then redis.call('UNLINK', KEYS[3], KEYS[4]) end
  knownVersion, knownIssued, knownRevoked = 0, 0, 0
end

local version, issued, revoked = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if version < knownVersion or (version == knownVersion and issued <= knownIssued and revoked <= knownRevoked) then
  return 0
end

-- Settled decisions may count further than a state that was written before them.
redis.call('HSET', KEYS[1], 'log', ARGV[1], 'version', ARGV[3], 'issued', math.max(issued, knownIssued),
  'revoked', math.max(revoked, knownRevoked), unpack(ARGV, 6))
redis.call('PEXPIREAT', KEYS[1], ARGV[#ARGV] + ARGV[2])
if redis.call('HGET', KEYS[1], 'status') == 'ARCHIVED' then
  -- admit.lua judges an archived coupon without its holders. UNLINK takes the key out at once, however large it is, and
  -- another thread of Redis frees the memory.
  redis.call('UNLINK', KEYS[2])
else
  redis.call('PEXPIREAT', KEYS[2], ARGV[#ARGV] + ARGV[2])
end
return 1
