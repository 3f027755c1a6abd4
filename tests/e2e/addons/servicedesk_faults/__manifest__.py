{"name": "Service Desk: faults for tests", "version": "19.0.1.0.0", "author": "Service Desk", "license": "LGPL-3",
 "depends": ["servicedesk"], "installable": False}
