-- Moves the projector's offsets on, all of them or none.
--
-- KEYS  1 offsets
-- ARGV  for each partition: field, where it is expected to stand (empty: nowhere), where it stands from now on
-- Reply 1 when all stood where they were expected, else 0

for i = 1, #ARGV, 3 do
  if (redis.call('HGET', KEYS[1], ARGV[i]) or '') ~= ARGV[i + 1] then return 0 end
end
for i = 1, #ARGV, 3 do
  if ARGV[i + 2] ~= ARGV[i + 1] then redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
end
return 1
