-- Moves the projector's positions, all of them or none.
--
-- KEYS  1 positions
-- ARGV  for each partition: field, expected position (empty: none), new position
-- Reply 1 when all positions were the expected ones, else 0

for i = 1, #ARGV, 3 do
  if (redis.call('HGET', KEYS[1], ARGV[i]) or '') ~= ARGV[i + 1] then return 0 end
end
for i = 1, #ARGV, 3 do
  if ARGV[i + 2] ~= ARGV[i + 1] then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
end
return 1
