-- Gives a coupon to a user if there is stock and the user has none.
--
-- KEYS  1 stock (number)   2 winners (set of users)   3 queue (list), only when winners are to be queued
-- ARGV  1 user             2 the entry for the queue
-- Reply the name of a Reply

local stock = tonumber(redis.call('GET', KEYS[1]))
if not stock then return 'UNKNOWN_COUPON' end
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return 'ALREADY_ISSUED' end
if redis.call('SCARD', KEYS[2]) >= stock then return 'SOLD_OUT' end
redis.call('SADD', KEYS[2], ARGV[1])
if KEYS[3] then redis.call('RPUSH', KEYS[3], ARGV[2]) end
return 'ISSUED'
