// Every suite in one process: the SDK takes a second to load.
import './suites/token.js';
import './suites/create.js';
import './suites/read.js';
import './suites/change.js';
import './suites/lifecycle.js';
import './suites/groups.js';
import './suites/rules.js';
import './suites/schema.js';
import './suites/types.js';
import './suites/realms.js';
import './suites/hooks.js';
import './suites/log.js';
import './suites/service_app.js';
