-- Room for the subjects of identity providers and for e-mail addresses. Both servers change the length in place, without
-- a copy of the table and while it is written to: a length below 256 keeps its one byte. Ids are still compared byte by
-- byte. A second run changes nothing, so a migration that is killed half way runs again.

ALTER TABLE issued_coupons
  MODIFY COLUMN user_id VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ALGORITHM = INPLACE, LOCK = NONE;
