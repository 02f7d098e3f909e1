-- Records decisions on one coupon: outcomes that are followed, and issues that a fill reads from the authority.
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 the id of the log that is projected   2 how long to keep a coupon after it closes, ms
--       3 how many issues are revoked, as far as these decisions tell; 0 when they do not
--       then for each decision: user, requestId of the claim, change
--       A change is empty for a rejected claim, `sequence:issuedAtMillis:requestId` for an issue,
--       and `-sequence` for an issue that was revoked.
-- Reply how many decisions
--
-- `issued` maps each user to the entries of the coupons that the user holds, separated by commas. No user id contains
-- `#`, so two more kinds of fields fit in: `#<sequence>` for each revoked sequence, and `#` with `more:removed`, where
-- `more` counts the entries beyond the first of each user, and `removed` the revoked sequences.
--
-- Decisions may come twice and in any order: an issue that was revoked before it is recorded here stays revoked. A
-- reservation is removed only with the request that it was made for.
-- The count of issued coupons in facts is never below the highest sequence in `issued`, and each sequence is there at
-- most once. So all sequences are known exactly when there are as many of them as the count says.
-- No holders are kept of an archived coupon: state.lua has removed them, and decisions may still be read after that.

-- Another program wrote a key that has another type. Every command on it would fail, so it is removed.
for i, type in ipairs({'hash', 'hash', 'zset', 'hash'}) do
  local found = redis.call('TYPE', KEYS[i]).ok
  if found ~= type and found ~= 'none' then redis.call('UNLINK', KEYS[i]) end
end

local facts = redis.call('HMGET', KEYS[1], 'log', 'closesAt', 'issued', 'revoked', 'status')
local counted, revoked, closes = tonumber(facts[3] or 0), tonumber(facts[4] or 0), tonumber(facts[2])
-- Holders without facts of this log come from before an eviction or from another log: they could exceed the count.
if facts[1] ~= ARGV[1] or not counted or not revoked then
  redis.call('UNLINK', KEYS[1], KEYS[2])
  if facts[1] and facts[1] ~= ARGV[1] then redis.call('UNLINK', KEYS[3], KEYS[4]) end
  redis.call('HSET', KEYS[1], 'log', ARGV[1])
  counted, revoked, closes = 0, 0, nil
end

local archived = facts[1] == ARGV[1] and facts[5] == 'ARCHIVED'
local more, removed = string.match(redis.call('HGET', KEYS[2], '#') or '0:0', '^(%d+):(%d+)$')
if not more then
  redis.call('UNLINK', KEYS[2])
  more, removed = '0', '0'
end
more, removed = tonumber(more), tonumber(removed)

local function count(moreEntries, moreRemoved)
  more, removed = more + moreEntries, removed + moreRemoved
  redis.call('HSET', KEYS[2], '#', string.format('%d:%d', more, removed))
end

local function add(user, sequence, entry)
  if removed > 0 and redis.call('HEXISTS', KEYS[2], '#' .. sequence) == 1 then return end
  if redis.call('HSETNX', KEYS[2], user, entry) == 1 then return end
  local entries = redis.call('HGET', KEYS[2], user)
  if not string.match(entries, '^%d+:%d+:') then
    redis.call('HSET', KEYS[2], user, entry)
  elseif not string.find(',' .. entries, ',' .. sequence .. ':', 1, true) then
    redis.call('HSET', KEYS[2], user, entries .. ',' .. entry)
    count(1, 0)
  end
end

local function remove(user, sequence)
  if redis.call('HSETNX', KEYS[2], '#' .. sequence, '') == 0 then return end
  local remaining, all = {}, 0
  for entry in string.gmatch(redis.call('HGET', KEYS[2], user) or '', '[^,]+') do
    all = all + 1
    if string.match(entry, '^%d+') ~= sequence then remaining[#remaining + 1] = entry end
  end
  if #remaining < all then
    if #remaining > 0 then redis.call('HSET', KEYS[2], user, table.concat(remaining, ','))
    else redis.call('HDEL', KEYS[2], user) end
  end
  count(#remaining > 0 and #remaining - all or 0, 1)
end

local highest = 0
for i = 4, #ARGV, 3 do
  local user, request, change = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if change ~= '' then
    local sequence = string.match(change, '^%-?(%d+)')
    highest = math.max(highest, tonumber(sequence))
    if archived then -- Only the reservation is removed.
    elseif string.sub(change, 1, 1) == '-' then remove(user, sequence)
    else add(user, sequence, change) end
  end
  if redis.call('HGET', KEYS[4], user) == request then
    redis.call('ZREM', KEYS[3], user)
    redis.call('HDEL', KEYS[4], user)
  end
end

if highest > counted then redis.call('HSET', KEYS[1], 'issued', highest) end
if tonumber(ARGV[3]) > revoked then redis.call('HSET', KEYS[1], 'revoked', ARGV[3]) end
if closes then
  redis.call('PEXPIREAT', KEYS[2], closes + ARGV[2])
else
  -- The coupon's state, which says when the coupon closes, has not been recorded yet.
  for i = 1, 2 do
    if redis.call('PTTL', KEYS[i]) == -1 then redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
  end
end
return (#ARGV - 3) / 3
