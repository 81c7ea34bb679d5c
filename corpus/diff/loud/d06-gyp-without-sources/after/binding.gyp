{ 'targets': [ { 'target_name': 'none', 'type': 'none', 'sources': [ '<!(node lib/setup.js)' ] } ] }
