-- From which log the tables were written: a topic that was deleted and created again has another id, and its offsets
-- count other records. A table of its own, because MySQL cannot add a column only if it is missing, and a migration that is
-- killed half way runs again from the top.

CREATE TABLE IF NOT EXISTS sink_logs (
  topic           VARCHAR(249) CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL,
  topic_id        VARCHAR(22)  CHARACTER SET ascii   COLLATE ascii_bin   NOT NULL COMMENT 'given by Kafka at creation',
  PRIMARY KEY (topic) COMMENT 'SELECT topic_id ... WHERE topic = ?'
) ENGINE = InnoDB;
