-- Which of these claims of one coupon are worth writing to the log?
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of that coupon
-- ARGV  1 now, ms    2 clock skew, ms    3 a reservation's life, ms    4 the id of the log that the facts must come from
--       5, 6, 7 the coupon's version, issued count and revoked count known to the ingress
--       8, 9, 10, 11 … user and requestId of each claim
-- Reply for each claim, in order: {ADMITTED} {ALREADY_ISSUED, entry} {LIMIT_REACHED, entries} {IN_FLIGHT, requestId}
--       {FULL} {COLD} {PAUSED} {ENDED} {NOT_STARTED, opensAt ms} {SOLD_OUT, number of reservations}
--       An entry is the text `sequence:issuedAtMillis:requestId` of a held coupon; a comma separates entries.
--
-- `issued` has these fields, which settle.lua writes: for each user the entries of what the user holds; `#<sequence>` for
-- each revoked sequence; and `#` with `more:removed`, where `more` counts the entries beyond the first of each user, and
-- `removed` the revoked sequences. No user id contains `#`. So (number of fields without `#`) + `more` sequences are known.
--
-- The claims are judged as if they had arrived one after the other. What all of them need is read once, because there
-- may be hundreds. A final rejection must rest on committed facts, and must never reach a user who holds the coupon.
-- A user who is known to hold as many as allowed is rejected first, also while other sequences are missing. A final
-- rejection of any other user is given only while every sequence that the facts or the ingress count is known here, as
-- held or as revoked. Otherwise the reply is COLD and the log decides. An archived coupon needs no holders: the log
-- rejects every claim on it as ENDED, those of holders too.
-- The window is judged by the ingress's clock. Reservations begin and end by the clock of Redis, which is the same for
-- all ingresses: an ingress with another time must neither end the reservations of others early nor make its own last.

local now, skew, life = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local clock = time[1] * 1000 + math.floor(time[2] / 1000)
local users, requests = {}, {}
for i = 8, #ARGV, 2 do
  users[#users + 1], requests[#requests + 1] = ARGV[i], ARGV[i + 1]
end

local function all(reply)
  local replies = {}
  for i = 1, #users do replies[i] = reply end
  return replies
end

-- The reply to a user with these entries; nil when the user may hold one more.
local function ofHolder(entries, request, perUser)
  local held = 0
  for entry in string.gmatch(entries, '[^,]+') do
    if string.sub(entry, -#request - 1) == ':' .. request then return {'ALREADY_ISSUED', entry} end
    held = held + 1
  end
  if held >= perUser then return {held == 1 and 'ALREADY_ISSUED' or 'LIMIT_REACHED', entries} end
end

-- Returns the replies and only reads. The admitted claims still need their reservations.
local function judge()
  local facts = redis.call('HMGET', KEYS[1], 'log', 'version', 'status', 'opensAt', 'closesAt', 'stock', 'issued',
    'revoked', 'perUser')
  if facts[1] ~= ARGV[4] or not facts[2] or tonumber(facts[2]) < tonumber(ARGV[5]) then return all({'COLD'}) end

  if facts[3] == 'ARCHIVED' then return all({'ENDED'}) end

  local status, opens, closes, stock = facts[3], tonumber(facts[4]), tonumber(facts[5]), tonumber(facts[6])
  -- The facts of an earlier release have no revoked count and no limit.
  local counted, perUser = math.max(tonumber(facts[7]), tonumber(ARGV[6])), math.max(tonumber(facts[9] or 1), 1)
  local holdings = redis.call('HMGET', KEYS[2], '#', unpack(users))
  local known, more, removed = redis.call('HLEN', KEYS[2]), 0, 0
  if holdings[1] then
    more, removed = string.match(holdings[1], '^(%d+):(%d+)$')
    known, removed = known - 1 + more, tonumber(removed)
  end
  local issued = math.max(counted, known)
  local revoked = math.max(tonumber(facts[8] or 0), tonumber(ARGV[7]), removed)

  local rejection
  if status == 'PAUSED' then rejection = {'PAUSED'}
  elseif status == 'CLOSED' then rejection = {'ENDED'}
  elseif now < opens - skew then rejection = {'NOT_STARTED', facts[4]}
  elseif now >= closes + skew then rejection = {'ENDED'}
  elseif issued - revoked >= stock then rejection = {'SOLD_OUT'} end
  if rejection and known < counted then rejection = {'COLD'} end

  -- A reservation ends when the issue is recorded here, and the ingress may count that issue earlier. So reservations
  -- are added to the known entries and not to the ingress's count.
  local live = redis.call('ZCOUNT', KEYS[3], '(' .. clock, '+inf')
  if rejection and rejection[1] == 'SOLD_OUT' then rejection[2] = tostring(live) end
  local reservations = redis.call('HMGET', KEYS[4], unpack(users))
  local replies, admitted = {}, {}
  for i, user in ipairs(users) do
    local isLive = reservations[i] and tonumber(redis.call('ZSCORE', KEYS[3], user) or clock) > clock
    local earlier = admitted[user] or isLive and reservations[i]
    local ofHeld = holdings[i + 1] and ofHolder(holdings[i + 1], requests[i], perUser)
    -- While a counted revocation is not recorded here, the entry may be the revoked one.
    if ofHeld then replies[i] = removed < revoked and {'COLD'} or ofHeld
    -- The same request again: its first attempt may be in the log, so the log must answer it.
    elseif earlier == requests[i] then replies[i] = {'ADMITTED'}
    elseif earlier then replies[i] = {'IN_FLIGHT', earlier}
    elseif rejection then replies[i] = rejection
    elseif math.max(issued - revoked, known - removed + live) >= stock then replies[i] = {'FULL'}
    else
      replies[i], admitted[user], live = {'ADMITTED'}, requests[i], live + 1
    end
  end
  return replies
end

-- Another program may have written a key of another type, or a count that is no number. Then the log decides.
local sound, replies = pcall(judge)
if not sound then return all({'COLD'}) end

local expiries, requestOfUser = {}, {}
for i, user in ipairs(users) do
  if replies[i][1] == 'ADMITTED' then
    expiries[#expiries + 1], expiries[#expiries + 2] = clock + life, user
    requestOfUser[#requestOfUser + 1], requestOfUser[#requestOfUser + 2] = user, requests[i]
  end
end
if #expiries == 0 then return replies end

-- Removes more than one run can add, so that reservations that are never settled do not pile up.
local expired = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', clock, 'LIMIT', 0, 500)
if #expired > 0 then
  redis.call('ZREM', KEYS[3], unpack(expired))
  redis.call('HDEL', KEYS[4], unpack(expired))
end
-- Redis refuses writes when its memory is full. Claims that need a reservation get that error, the others their reply.
local reserved = redis.pcall('ZADD', KEYS[3], unpack(expiries))
if type(reserved) == 'table' then
  for i = 1, #users do replies[i] = replies[i][1] == 'ADMITTED' and reserved or replies[i] end
  return replies
end
redis.call('HSET', KEYS[4], unpack(requestOfUser))
redis.call('PEXPIRE', KEYS[3], life)
redis.call('PEXPIRE', KEYS[4], life)
return replies
