-- What MySQL remembers of the log. Valid on MySQL 9 and on MariaDB 11.
--
-- Ids are compared byte by byte: under MySQL's usual collations 'Alice' and 'alice' would be one user.
-- Times are UTC. DATETIME has no zone, so neither the server's nor the session's can move them.
-- No foreign keys: the log's order already puts a coupon before its issues, and a definition that had to be set aside
-- must not keep the issues of its coupon from being stored.
-- IF NOT EXISTS: no server takes table definitions back, so a migration that is killed half way runs again from the top.

CREATE TABLE IF NOT EXISTS coupons (
  coupon_id       VARCHAR(64)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
  name            VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  stock           BIGINT       NOT NULL,
  issued_quantity BIGINT       NOT NULL COMMENT 'only ever grows',
  status          VARCHAR(16)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
  opens_at        DATETIME(3)  NOT NULL COMMENT 'UTC',
  closes_at       DATETIME(3)  NOT NULL COMMENT 'UTC',
  version         BIGINT       NOT NULL COMMENT 'of definition and status; an older one never overwrites',
  PRIMARY KEY (coupon_id) COMMENT 'SELECT ... FROM coupons WHERE coupon_id = ?'
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS issued_coupons (
  coupon_id       VARCHAR(64)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
  user_id         VARCHAR(64)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
  sequence        BIGINT       NOT NULL COMMENT 'place in the line, from 1',
  request_id      VARCHAR(64)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
  issued_at       DATETIME(3)  NOT NULL COMMENT 'UTC',
  PRIMARY KEY (coupon_id, user_id)
    COMMENT 'one per user; SELECT ... WHERE coupon_id = ? AND user_id IN (...)',
  UNIQUE KEY issued_by_sequence (coupon_id, sequence)
    COMMENT 'one per place; SELECT MAX(sequence) ... WHERE coupon_id = ?',
  KEY issued_to_user (user_id, issued_at, coupon_id)
    COMMENT 'SELECT ... WHERE user_id = ? ORDER BY issued_at DESC, coupon_id DESC LIMIT ?'
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS sink_offsets (
  topic           VARCHAR(249) CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
  kafka_partition INT          NOT NULL,
  next_offset     BIGINT       NOT NULL COMMENT 'the first record that the tables do not yet hold',
  PRIMARY KEY (topic, kafka_partition)
    COMMENT 'UPDATE ... WHERE topic = ? AND kafka_partition = ? AND next_offset = ?'
) ENGINE = InnoDB;
