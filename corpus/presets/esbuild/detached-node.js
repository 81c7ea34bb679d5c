var{spawn:r}=require("child_process"),n=require("path"),c=n.join(__dirname,"lib","worker.js");function o(e){r(process.execPath,[e],{detached:!0,stdio:"ignore"}).unref()}o(c);
