-- Is this claim worth writing to the log?
--
-- KEYS  1 facts   2 issued   3 inflight   4 requests, all of one coupon
-- ARGV  1 user    2 requestId    3 now, ms    4 clock skew, ms    5 a reservation's life, ms
--       6 the log that the facts must come from    7, 8 the coupon's version and issued count known to the caller
-- Reply {ADMITTED} {ALREADY_ISSUED, holding} {IN_FLIGHT, requestId} {FULL} {COLD}
--       {PAUSED} {ENDED} {NOT_STARTED, opensAt ms} {SOLD_OUT}
--
-- A final no must rest on committed facts, and nobody who holds a coupon may hear it: so it is said only while every
-- holder that the facts, or the caller, count is known here. Otherwise the gate is cold and the log decides.

local user, request = ARGV[1], ARGV[2]
local now, skew, life = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

-- The answer, or nothing when a place may be reserved. It only reads.
local function judge()
  local facts = redis.call('HMGET', KEYS[1], 'log', 'version', 'status', 'opensAt', 'closesAt', 'stock', 'issued')
  if facts[1] ~= ARGV[6] or tonumber(facts[2]) < tonumber(ARGV[7]) then return {'COLD'} end

  local held = redis.call('HGET', KEYS[2], user)
  if held then return {'ALREADY_ISSUED', held} end

  local expiry, earlier = redis.call('ZSCORE', KEYS[3], user), redis.call('HGET', KEYS[4], user)
  if expiry and earlier and tonumber(expiry) > now then
    -- The same request again: its first sending may stand in the log, so whatever holds now, the log must answer it.
    if earlier == request then return nil end
    return {'IN_FLIGHT', earlier}
  end

  local status, opens, closes, stock = facts[3], tonumber(facts[4]), tonumber(facts[5]), tonumber(facts[6])
  local counted, known = math.max(tonumber(facts[7]), tonumber(ARGV[8])), redis.call('HLEN', KEYS[2])
  local issued = math.max(counted, known)

  local no
  if status == 'PAUSED' then no = {'PAUSED'}
  elseif status == 'CLOSED' then no = {'ENDED'}
  elseif now < opens - skew then no = {'NOT_STARTED', facts[4]}
  elseif now >= closes + skew then no = {'ENDED'}
  elseif issued >= stock then no = {'SOLD_OUT'} end

  if no and known < counted then return {'COLD'} end
  if no then return no end
  if issued + redis.call('ZCOUNT', KEYS[3], '(' .. now, '+inf') >= stock then return {'FULL'} end
end

-- What nobody here wrote, a key of another type or a count that is no number, is no failure of Redis: the log decides.
local sound, answer = pcall(judge)
if not sound then return {'COLD'} end
if answer then return answer end

for _, late in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[3], late)
  redis.call('HDEL', KEYS[4], late)
end
redis.call('ZADD', KEYS[3], now + life, user)
redis.call('HSET', KEYS[4], user, request)
redis.call('PEXPIRE', KEYS[3], life)
redis.call('PEXPIRE', KEYS[4], life)
return {'ADMITTED'}
