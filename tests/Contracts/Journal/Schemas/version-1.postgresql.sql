-- A journal of schema version 1, as the program of 0.1.0 before version 2 made it, in the middle of a sweep.
CREATE TABLE schema_version (version BIGINT NOT NULL);
INSERT INTO schema_version (version) VALUES (1);
CREATE TABLE sweep (
    id TEXT PRIMARY KEY, term BIGINT NOT NULL, name TEXT NOT NULL, submitted BIGINT NOT NULL, ended BIGINT,
    state TEXT NOT NULL, reason TEXT, digest TEXT, objective TEXT NOT NULL, data_digest TEXT, class_names TEXT,
    text TEXT NOT NULL, folder TEXT NOT NULL, file_name TEXT NOT NULL, traceparent TEXT, reuse BIGINT NOT NULL, fork TEXT,
    epochs_asked BIGINT, epochs_to_train BIGINT);
CREATE TABLE sweep_event (
    sweep TEXT NOT NULL, sequence BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, trial BIGINT, reason TEXT,
    PRIMARY KEY (sweep, sequence));
CREATE TABLE training (
    recipe TEXT PRIMARY KEY, json TEXT NOT NULL, data TEXT NOT NULL, parameter_count BIGINT NOT NULL, traceparent TEXT,
    attempt BIGINT NOT NULL, fingerprint TEXT, failure TEXT, reason TEXT, failed_epoch BIGINT, used BIGINT NOT NULL, shared BIGINT NOT NULL, fork_epoch BIGINT);
CREATE TABLE trial (
    sweep TEXT NOT NULL, number BIGINT NOT NULL, name TEXT, parameters TEXT NOT NULL, replicate BIGINT NOT NULL,
    epochs BIGINT NOT NULL, recipe TEXT NOT NULL, state TEXT NOT NULL, failure TEXT, reason TEXT, final_checkpoint TEXT,
    PRIMARY KEY (sweep, number));
CREATE INDEX trial_recipe ON trial (recipe);
CREATE TABLE demand (
    sweep TEXT NOT NULL, trial BIGINT NOT NULL, recipe TEXT NOT NULL, epochs BIGINT NOT NULL,
    PRIMARY KEY (sweep, trial));
CREATE INDEX demand_recipe ON demand (recipe);
CREATE TABLE attempt (
    recipe TEXT NOT NULL, attempt BIGINT NOT NULL, silo TEXT NOT NULL, generation TEXT NOT NULL, slot BIGINT NOT NULL,
    started BIGINT NOT NULL, expires BIGINT NOT NULL, from_epoch BIGINT, ended BIGINT, outcome TEXT,
    PRIMARY KEY (recipe, attempt));
CREATE INDEX attempt_running ON attempt (generation, slot) WHERE ended IS NULL;
CREATE TABLE measurement (
    sequence BIGSERIAL PRIMARY KEY, recipe TEXT NOT NULL, epoch BIGINT NOT NULL, attempt BIGINT NOT NULL,
    train_loss DOUBLE PRECISION, train_correct BIGINT NOT NULL, train_total BIGINT NOT NULL,
    validation_loss DOUBLE PRECISION, validation_correct BIGINT NOT NULL, validation_total BIGINT NOT NULL,
    test_loss DOUBLE PRECISION, test_correct BIGINT NOT NULL, test_total BIGINT NOT NULL,
    penalty DOUBLE PRECISION, seconds DOUBLE PRECISION NOT NULL, samples BIGINT NOT NULL,
    validation_confusion BYTEA, test_confusion BYTEA);
CREATE UNIQUE INDEX measurement_epoch ON measurement (recipe, epoch);
CREATE TABLE trained_epoch (
    recipe TEXT NOT NULL, epoch BIGINT NOT NULL, attempt BIGINT NOT NULL, sweep TEXT, trial BIGINT,
    PRIMARY KEY (recipe, epoch, attempt));
CREATE INDEX trained_epoch_sweep ON trained_epoch (sweep);
CREATE TABLE checkpoint (
    recipe TEXT NOT NULL, kind TEXT NOT NULL, epoch BIGINT NOT NULL, weights TEXT NOT NULL, optimizer TEXT,
    bytes BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (recipe, kind, epoch));
CREATE INDEX checkpoint_weights ON checkpoint (weights);
CREATE INDEX checkpoint_optimizer ON checkpoint (optimizer);
CREATE TABLE writer (id TEXT PRIMARY KEY, mark BIGINT NOT NULL);
CREATE TABLE broker (id BIGINT PRIMARY KEY, term BIGINT NOT NULL);
INSERT INTO broker (id, term) VALUES (0, 0);
CREATE TABLE cache (id BIGINT PRIMARY KEY, size BIGINT);
INSERT INTO cache (id, size) VALUES (0, NULL);
CREATE TABLE silo (
    name TEXT PRIMARY KEY, generation TEXT NOT NULL, pid BIGINT NOT NULL, slots BIGINT NOT NULL, fingerprint TEXT NOT NULL,
    environment TEXT NOT NULL, version TEXT NOT NULL, started BIGINT NOT NULL);

INSERT INTO sweep (id, term, name, submitted, ended, state, reason, digest, objective, data_digest, class_names, text, folder, file_name, traceparent, reuse, fork, epochs_asked, epochs_to_train) VALUES ('old-1', 3, 'old', 1000, NULL, 'Running', NULL, NULL, '{"metric":"validation_accuracy","goal":"maximize","at":"best"}', 'd', 'cat', 'name: old', '/', 'old.yaml', NULL, 1, NULL, 11, 9);
INSERT INTO sweep_event (sweep, sequence, at, kind, trial, reason) VALUES ('old-1', 1, 1000, 'Submitted', NULL, NULL);
INSERT INTO sweep_event (sweep, sequence, at, kind, trial, reason) VALUES ('old-1', 2, 1001, 'Prepared', NULL, '3 trials of 2 trainings');
INSERT INTO training (recipe, json, data, parameter_count, traceparent, attempt, fingerprint, failure, reason, failed_epoch, used, shared, fork_epoch) VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '{}', '{}', 7, NULL, 1, 'fp', NULL, NULL, NULL, 1000, 1, NULL);
INSERT INTO training (recipe, json, data, parameter_count, traceparent, attempt, fingerprint, failure, reason, failed_epoch, used, shared, fork_epoch) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '{}', '{}', 7, NULL, 2, 'fp', NULL, NULL, NULL, 1000, 1, NULL);
INSERT INTO training (recipe, json, data, parameter_count, traceparent, attempt, fingerprint, failure, reason, failed_epoch, used, shared, fork_epoch) VALUES ('ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', '{}', '{}', 7, NULL, 0, 'fp', NULL, NULL, NULL, 1000, 1, 2);
INSERT INTO training (recipe, json, data, parameter_count, traceparent, attempt, fingerprint, failure, reason, failed_epoch, used, shared, fork_epoch) VALUES ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', '{}', '{}', 7, NULL, 1, 'fp', NULL, NULL, NULL, 1000, 1, NULL);
INSERT INTO trial (sweep, number, name, parameters, replicate, epochs, recipe, state, failure, reason, final_checkpoint) VALUES ('old-1', 1, 'short', '{}', 1, 2, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Completed', NULL, NULL, 'w2');
INSERT INTO trial (sweep, number, name, parameters, replicate, epochs, recipe, state, failure, reason, final_checkpoint) VALUES ('old-1', 2, 'long', '{}', 1, 5, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Pending', NULL, NULL, NULL);
INSERT INTO trial (sweep, number, name, parameters, replicate, epochs, recipe, state, failure, reason, final_checkpoint) VALUES ('old-1', 3, NULL, '{}', 1, 4, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'Pending', NULL, NULL, NULL);
INSERT INTO demand (sweep, trial, recipe, epochs) VALUES ('old-1', 2, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 5);
INSERT INTO demand (sweep, trial, recipe, epochs) VALUES ('old-1', 3, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 4);
INSERT INTO attempt (recipe, attempt, silo, generation, slot, started, expires, from_epoch, ended, outcome) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 'silo-1', 'g1', 0, 1100, 1200, 0, 1300, 'Lost');
INSERT INTO attempt (recipe, attempt, silo, generation, slot, started, expires, from_epoch, ended, outcome) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, 'silo-2', 'g2', 0, 1400, 1500, 1, NULL, NULL);
INSERT INTO attempt (recipe, attempt, silo, generation, slot, started, expires, from_epoch, ended, outcome) VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, 'silo-1', 'g1', 1, 1100, 1200, 0, 1300, 'Released');
INSERT INTO attempt (recipe, attempt, silo, generation, slot, started, expires, from_epoch, ended, outcome) VALUES ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 1, 'silo-1', 'g1', 2, 1100, 1200, 0, 1300, 'Met');
INSERT INTO measurement (sequence, recipe, epoch, attempt, train_loss, train_correct, train_total, validation_loss, validation_correct, validation_total, test_loss, test_correct, test_total, penalty, seconds, samples, validation_confusion, test_confusion) VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 1, 0.1, 1, 2, 0.1, 1, 2, NULL, 0, 0, 0, 0.5, 2, '\x01000000', NULL);
INSERT INTO measurement (sequence, recipe, epoch, attempt, train_loss, train_correct, train_total, validation_loss, validation_correct, validation_total, test_loss, test_correct, test_total, penalty, seconds, samples, validation_confusion, test_confusion) VALUES (2, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, 1, 0.2, 1, 2, 0.2, 1, 2, NULL, 0, 0, 0, 0.5, 2, NULL, NULL);
INSERT INTO measurement (sequence, recipe, epoch, attempt, train_loss, train_correct, train_total, validation_loss, validation_correct, validation_total, test_loss, test_correct, test_total, penalty, seconds, samples, validation_confusion, test_confusion) VALUES (3, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, 1, NULL, 1, 2, NULL, 1, 2, NULL, 0, 0, 0, 0.5, 2, '\x02000000', NULL);
INSERT INTO measurement (sequence, recipe, epoch, attempt, train_loss, train_correct, train_total, validation_loss, validation_correct, validation_total, test_loss, test_correct, test_total, penalty, seconds, samples, validation_confusion, test_confusion) VALUES (7, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 3, 2, 0.30000000000000004, 1, 2, 0.30000000000000004, 1, 2, NULL, 0, 0, 0, 0.5, 2, NULL, NULL);
INSERT INTO measurement (sequence, recipe, epoch, attempt, train_loss, train_correct, train_total, validation_loss, validation_correct, validation_total, test_loss, test_correct, test_total, penalty, seconds, samples, validation_confusion, test_confusion) VALUES (8, 'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 1, 1, 0.4, 1, 2, 0.4, 1, 2, NULL, 0, 0, 0, 0.5, 2, NULL, NULL);
INSERT INTO measurement (sequence, recipe, epoch, attempt, train_loss, train_correct, train_total, validation_loss, validation_correct, validation_total, test_loss, test_correct, test_total, penalty, seconds, samples, validation_confusion, test_confusion) VALUES (9, 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 1, 0, 0.1, 1, 2, 0.1, 1, 2, NULL, 0, 0, 0, 0.5, 2, NULL, NULL);
INSERT INTO measurement (sequence, recipe, epoch, attempt, train_loss, train_correct, train_total, validation_loss, validation_correct, validation_total, test_loss, test_correct, test_total, penalty, seconds, samples, validation_confusion, test_confusion) VALUES (10, 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 2, 0, 0.2, 1, 2, 0.2, 1, 2, NULL, 0, 0, 0, 0.5, 2, NULL, NULL);
INSERT INTO trained_epoch (recipe, epoch, attempt, sweep, trial) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1, 1, 'old-1', 1);
INSERT INTO trained_epoch (recipe, epoch, attempt, sweep, trial) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, 1, 'old-1', 1);
INSERT INTO trained_epoch (recipe, epoch, attempt, sweep, trial) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 2, 2, 'old-1', 2);
INSERT INTO trained_epoch (recipe, epoch, attempt, sweep, trial) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 3, 2, 'old-1', 2);
INSERT INTO trained_epoch (recipe, epoch, attempt, sweep, trial) VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 1, 1, 'old-1', 3);
INSERT INTO trained_epoch (recipe, epoch, attempt, sweep, trial) VALUES ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 1, 1, NULL, NULL);
INSERT INTO checkpoint (recipe, kind, epoch, weights, optimizer, bytes, at) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'state', 2, 'w2', 'o2', 10, 1250);
INSERT INTO checkpoint (recipe, kind, epoch, weights, optimizer, bytes, at) VALUES ('ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', 'state', 2, 'w2', 'o2', 10, 1250);
SELECT setval('measurement_sequence_seq', 10);
INSERT INTO writer (id, mark) VALUES ('one', 5);
UPDATE broker SET term = 4;
