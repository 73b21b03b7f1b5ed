-- A home as the store of revision 0001 left it: an accepted data set with a recipe and a run, and an import that waits.
BEGIN TRANSACTION;
CREATE TABLE datasets (
	id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	task VARCHAR(40) NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	card TEXT, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_datasets PRIMARY KEY (id)
);
INSERT INTO "datasets" VALUES('ds_old','Cells of last year','classification','accepted','{"task":"classification","source":"zip of class folders","synthetic":false,"classes":["benign","<malignant>"],"counts":[{"train":7,"val":2,"test":1},{"train":7,"val":2,"test":1}],"positive_class":1,"split":{"source":"drawn","train_percent":70,"val_percent":15,"test_percent":15,"seed":0},"has_given_split":false,"images":20,"unreadable":0,"grey":true,"bit_depth":8,"median_width_px":16,"median_height_px":16,"min_side_px":16,"max_side_px":16,"bytes_on_disk":0,"content_digest":"ab","findings":[{"severity":"warning","rule":"few_images","where":["benign: 10 images"],"what":"2 classes have fewer than 20 images.","remedy":"Add images of this class."}]}',1700000001.0);
INSERT INTO "datasets" VALUES('ds_new','Waits','classification','importing',NULL,1700000010.0);
CREATE TABLE jobs (
	id VARCHAR(40) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	lane VARCHAR(20) NOT NULL, 
	subject_id VARCHAR(40) NOT NULL, 
	payload TEXT NOT NULL, 
	"after" VARCHAR(40), 
	turn INTEGER NOT NULL, 
	state VARCHAR(20) NOT NULL, 
	stop_requested BOOLEAN NOT NULL, 
	progress TEXT NOT NULL, 
	worker_id VARCHAR(40), 
	pid INTEGER, 
	attempt INTEGER NOT NULL, 
	deaths INTEGER NOT NULL, 
	heartbeat_at DOUBLE, 
	ending VARCHAR(40), 
	what TEXT, 
	remedy TEXT, 
	result TEXT, 
	created_at DOUBLE NOT NULL, 
	started_at DOUBLE, 
	ended_at DOUBLE, 
	CONSTRAINT pk_jobs PRIMARY KEY (id)
);
INSERT INTO "jobs" VALUES('imp_old','import','data','ds_old','{"source": "/uploads/cells.zip", "delete_source": true, "accept": false}',NULL,1,'finished',0,'{"stage":"Waiting","done":0.0,"total":null,"unit":"","rate":null,"left_s":null}','wrk_a',NULL,1,0,1700000003.0,'finished',NULL,NULL,'{"images": 20}',1700000002.0,1700000003.0,1700000004.0);
INSERT INTO "jobs" VALUES('run_old','train','train','run_old','{}',NULL,2,'finished',0,'{"stage":"Waiting","done":0.0,"total":null,"unit":"","rate":null,"left_s":null}','wrk_a',NULL,1,0,1700000008.0,'finished',NULL,NULL,'{}',1700000007.0,1700000008.0,1700000009.0);
INSERT INTO "jobs" VALUES('imp_new','import','data','ds_new','{"source": "/uploads/more.zip", "delete_source": true, "accept": false}',NULL,3,'queued',0,'{"stage":"Waiting","done":0.0,"total":null,"unit":"","rate":null,"left_s":null}',NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,1700000011.0,NULL,NULL);
CREATE TABLE lightbox_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT lightbox_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "lightbox_alembic_version" VALUES('0001');
CREATE TABLE points (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	run_id VARCHAR(40) NOT NULL, 
	kind VARCHAR(20) NOT NULL, 
	step BIGINT NOT NULL, 
	epoch DOUBLE NOT NULL, 
	figures TEXT NOT NULL, 
	at DOUBLE NOT NULL, 
	CONSTRAINT fk_points_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
INSERT INTO "points" VALUES(1,'run_old','epoch',7,1.0,'{"loss": 0.5, "val_loss": null}',1.5);
CREATE TABLE recipes (
	id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	dataset_id VARCHAR(40) NOT NULL, 
	recipe TEXT NOT NULL, 
	augmentation TEXT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_recipes PRIMARY KEY (id), 
	CONSTRAINT fk_recipes_dataset_id FOREIGN KEY(dataset_id) REFERENCES datasets (id) ON DELETE CASCADE
);
INSERT INTO "recipes" VALUES('rec_mmhfqjf4','grey','ds_old','{"steps":[{"step":"colour","mode":"grey"},{"step":"resize","side_px":64,"fit":"pad"}]}','{"rotation_degrees":0.0,"flip_horizontal":false,"flip_vertical":false,"shift_percent":0.0,"zoom_percent":0.0,"crop_percent":0.0,"brightness_percent":0.0,"contrast_percent":0.0}',1700000005.0);
CREATE TABLE runs (
	id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	task VARCHAR(40) NOT NULL, 
	dataset_id VARCHAR(40) NOT NULL, 
	config TEXT NOT NULL, 
	summary TEXT, 
	test_opened INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('run_old','Run 1','classification','ds_old','{"task":"classification","dataset_id":"ds_old","recipe":{"steps":[{"step":"colour","mode":"grey"},{"step":"resize","side_px":64,"fit":"pad"}]},"augmentation":{"rotation_degrees":0.0,"flip_horizontal":false,"flip_vertical":false,"shift_percent":0.0,"zoom_percent":0.0,"crop_percent":0.0,"brightness_percent":0.0,"contrast_percent":0.0},"model":{"architecture":"cnn","filters":[32,64,128],"kernel_size":3,"pool_size":2,"activation":"relu","initializer":"glorot_uniform","batch_normalization":false,"dropout":0.0,"dense_units":[128]},"training":{"optimizer":"adam","learning_rate":0.001,"momentum":0.9,"batch_size":32,"limit":"epochs","epochs":10,"iterations":1000,"loss":"cross_entropy","patience":0,"stop_when":"never","stop_below":0.1,"class_weights":false,"seed":0}}','{"device":null,"parameters":null,"epochs_done":1,"best_epoch":null,"stopped_because":"","train_loss":null,"val_loss":0.4,"val_accuracy":null,"images_per_s":null,"train_s":null}',0,1700000006.0);
CREATE TABLE workers (
	id VARCHAR(40) NOT NULL, 
	host TEXT NOT NULL, 
	pid INTEGER NOT NULL, 
	device TEXT, 
	started_at DOUBLE NOT NULL, 
	heartbeat_at DOUBLE NOT NULL, 
	CONSTRAINT pk_workers PRIMARY KEY (id)
);
CREATE INDEX ix_recipes_dataset_id ON recipes (dataset_id);
CREATE INDEX ix_jobs_lane_state_turn ON jobs (lane, state, turn);
CREATE INDEX ix_jobs_subject_id ON jobs (subject_id);
CREATE INDEX ix_runs_dataset_id ON runs (dataset_id);
CREATE INDEX ix_points_run_id_seq ON points (run_id, seq);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('points',1);
COMMIT;
