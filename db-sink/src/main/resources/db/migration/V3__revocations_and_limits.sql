-- Coupons can be revoked, and one user may be issued several of a coupon. Valid on MySQL 9 and on MariaDB 11.
--
-- The rows of a coupon are clustered by sequence: the sink appends them, where the key (coupon_id, user_id) inserted
-- each between the rows of other users. ADR 0032 has the figures.
--
-- A table is changed only where its new column is missing: neither server rolls a change of a table back, and MySQL
-- cannot add a column only if it is missing. So a migration that was interrupted runs again from the top, and an
-- operator may run the ALTER TABLE statements before the upgrade. The lock makes a second run wait for a statement that
-- the server continues after its client has died.
--
-- The new columns have defaults, so that sinks of the release before keep writing, also during the change.

DO GET_LOCK(CONCAT('firstcome V3 ', LEFT(DATABASE(), 51)), 86400);

SET @is_missing = (
  SELECT COUNT(*) = 0 FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'coupons' AND column_name = 'revoked_quantity');
SET @change = IF(@is_missing, '
ALTER TABLE coupons
  ADD COLUMN revoked_quantity BIGINT  NOT NULL DEFAULT 0    COMMENT ''only ever grows'',
  ADD COLUMN per_user         INT     NOT NULL DEFAULT 1    COMMENT ''how many one user may hold'',
  ADD COLUMN reclaim          BOOLEAN NOT NULL DEFAULT TRUE COMMENT ''whether to claim again after a revocation''
', 'DO 0');
PREPARE change_coupons FROM @change;
EXECUTE change_coupons;
DEALLOCATE PREPARE change_coupons;

SET @is_missing = (
  SELECT COUNT(*) = 0 FROM information_schema.columns
  WHERE table_schema = DATABASE() AND table_name = 'issued_coupons' AND column_name = 'revoked_at');
SET @change = IF(@is_missing, '
ALTER TABLE issued_coupons
  ADD COLUMN nth        INT         NOT NULL DEFAULT 1 COMMENT ''which issue to the user, from 1'' AFTER user_id,
  ADD COLUMN revoked_at DATETIME(3) NULL               COMMENT ''UTC; null while the user holds it'',
  DROP PRIMARY KEY,
  ADD PRIMARY KEY (coupon_id, sequence)
    COMMENT ''one per place; SELECT or UPDATE ... WHERE coupon_id = ? AND sequence IN (...)'',
  DROP KEY issued_by_sequence,
  ADD UNIQUE KEY issued_to_user_nth (coupon_id, user_id, nth)
    COMMENT ''each issue to a user once; SELECT ... WHERE coupon_id = ? AND user_id IN (...)'',
  DROP KEY issued_to_user,
  ADD KEY issued_to_user (user_id, issued_at, coupon_id, sequence)
    COMMENT ''SELECT ... WHERE user_id = ? ORDER BY issued_at DESC, coupon_id DESC, sequence DESC LIMIT ?'',
  ALGORITHM = INPLACE, LOCK = NONE
', 'DO 0');
PREPARE change_issued_coupons FROM @change;
EXECUTE change_issued_coupons;
DEALLOCATE PREPARE change_issued_coupons;

DO RELEASE_LOCK(CONCAT('firstcome V3 ', LEFT(DATABASE(), 51)));
