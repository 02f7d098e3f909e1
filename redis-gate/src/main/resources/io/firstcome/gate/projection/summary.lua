-- What Redis knows of a coupon, read in one step.
--
-- KEYS  1 facts   2 issued, both of one coupon
-- Reply {log, version, issued, revoked, number of known sequences, how many of these are revoked}

local facts = redis.call('HMGET', KEYS[1], 'log', 'version', 'issued', 'revoked')
local known, removed = redis.call('HLEN', KEYS[2]), 0
local mark = redis.call('HGET', KEYS[2], '#')
if mark then
  -- settle.lua describes the field.
  local more
  more, removed = string.match(mark, '^(%d+):(%d+)$')
  known, removed = known - 1 + more, tonumber(removed)
end
return {facts[1], facts[2], facts[3], facts[4] or '0', known, removed}
