//! The programs: names, options, other arguments, what they do. [`super::table`] says how a row
//! is read.

use super::does::Does;
use super::does::Does::*;
use super::value::TaintKind::{File, Host};

type Row = (&'static str, &'static str, &'static str, Does);

/// All rows, by topic.
pub(super) const ROWS: [&[Row]; 6] = [SHELLS, RUNNERS, NETWORK, FILES, SYSTEM, WINDOWS];

/// Options of curl that take a value and do not matter.
const CURL: &str = "o|output=out output-dir=folder O|remote-name remote-name-all J|remote-header-name \
 d|data|data-ascii|data-binary|data-raw|data-urlencode|json=data F|form|form-string=data T|upload-file=upload \
 url=url H|header=sent u|user=sent b|cookie=sent A|user-agent=sent e|referer=sent url-query=data X|request=skip K|config=path \
 x|proxy=skip m|max-time=skip connect-timeout=skip retry=skip retry-delay=skip retry-max-time=skip w|write-out=skip \
 c|cookie-jar=skip C|continue-at=skip E|cert=skip key=skip cacert=skip capath=skip D|dump-header=skip r|range=skip \
 resolve=skip interface=skip limit-rate=skip y|speed-time=skip Y|speed-limit=skip z|time-cond=skip stderr=skip \
 ciphers=skip max-redirs=skip proto=skip proto-redir=skip doh-url=skip dns-servers=skip netrc-file=path connect-to=skip \
 t|telnet-option=skip Q|quote=skip P|ftp-port=skip tls-max=skip aws-sigv4=skip unix-socket=skip max-filesize=skip";

const WGET: &str = "O|output-document=out P|directory-prefix=folder post-data|body-data=sent post-file|body-file=upload \
 header=sent user=sent password=sent http-user=sent http-password=sent U|user-agent=sent referer=sent method=skip i|input-file=path o|output-file=skip \
 a|append-output=skip t|tries=skip T|timeout=skip w|wait=skip e|execute=skip Q|quota=skip A|accept=skip R|reject=skip \
 D|domains=skip l|level=skip load-cookies=path ca-certificate=skip limit-rate=skip connect-timeout=skip read-timeout=skip dns-timeout=skip";

const NODE: &str = "e|eval|pe=code p|print=code r|require|import|loader|experimental-loader=preload c|check i|interactive \
 C|conditions=skip title=skip stack-trace-limit=skip max-old-space-size=skip input-type=skip \
 env-file|env-file-if-exists=path inspect inspect-brk watch-path=skip run=script test-reporter=skip icu-data-dir=skip \
 redirect-warnings=skip diagnostic-dir=skip experimental-default-type=skip";

const SHELLS: &[Row] = &[
    (
        "sh bash zsh dash ksh ash mksh fish",
        "c=line o|O=skip rcfile|init-file=run",
        "run …",
        Shell,
    ),
    ("eval", "", "skip*", Eval),
    (". source", "", "run …", Source),
    ("exec", "a=skip", "command …", Wrap),
    (
        "command builtin busybox toybox nohup setsid winpty script unbuffer stdbuf catchsegv fakeroot shx corepack",
        "c|command=line i|o=skip",
        "command …",
        Wrap,
    ),
    ("time gtime", "f|o=skip", "command …", Wrap),
    (
        "sudo doas",
        "u|g|h|p|C|T|R|D=skip user|group|host=skip",
        "command …",
        Wrap,
    ),
    ("su runuser", "c|command=line s|g|G=skip", "skip*", Lines),
    (
        "nice ionice chrt taskset",
        "n|c=skip adjustment=skip",
        "command …",
        Wrap,
    ),
    ("timeout gtimeout", "k|s=skip", "skip command …", Wrap),
    ("watch", "n=skip", "command …", Wrap),
    (
        "strace ltrace gdb valgrind perf",
        "o|e|p=skip",
        "command …",
        Wrap,
    ),
    ("chroot", "", "skip command …", Wrap),
    ("caffeinate arch rosetta", "t|w=skip", "command …", Wrap),
    (
        "env cross-env cross-env-shell better-npm-run",
        "u|unset|C|chdir=skip S|split-string=line",
        "command …",
        Environment,
    ),
    (
        "dotenv dotenvx dotenv-cli env-cmd envalid",
        "e|f|v|c|p=skip",
        "command …",
        Wrap,
    ),
    (
        "concurrently conc",
        "n|names|c|prefix-colors|p|prefix|t|k|timestamp-format|restart-tries|restart-after|max-processes|m|success|s|l=skip",
        "line*",
        Lines,
    ),
    ("start-server-and-test", "", "line*", Lines),
    (
        "run-s run-p npm-run-all npm-run-all2",
        "n|max-parallel|aggregate-output=skip",
        "script*",
        Scripts,
    ),
    ("wireit lerna turbo nx", "", "skip*", Tool),
    ("xargs parallel", "I|n|P|L|d|a|s|E=skip", "command …", Xargs),
    (
        "flock",
        "w|timeout|E=skip c|command=line",
        "skip command …",
        Wrap,
    ),
    ("trap", "", "line skip*", Lines),
    (
        "retry if-env is-ci in-install not-in-install in-publish not-in-publish per-env opener cross-os",
        "",
        "skip*",
        Tool,
    ),
    ("cd pushd popd chdir", "", "skip*", Cd),
    (
        "export declare typeset local readonly set setenv alias",
        "",
        "skip*",
        Set,
    ),
    (
        "read mapfile readarray",
        "p|t|n|N|d|u|i|a=skip",
        "skip*",
        Read,
    ),
    (
        "echo printf print write-host write-output",
        "",
        "skip*",
        Echo,
    ),
    (
        "true false : test [ [[ let return exit break continue shift unset wait sleep umask hash type which where whereis times ulimit getopts shopt unalias jobs fg bg disown enable help logout suspend clear cls pause title rem setlocal endlocal color verify ver vol goto exit/b expr seq date tput stty tty yes nproc getconf basename dirname realpath readlink cygpath pwd write-error write-verbose write-warning out-null start-sleep test-path get-command join-path split-path resolve-path get-location where-object foreach-object select-object sort-object out-string out-host measure-object new-object add-type import-module set-strictmode get-date",
        "",
        "skip*",
        Nothing,
    ),
];

const RUNNERS: &[Row] = &[
    (
        "node nodejs iojs electron nodemon node-dev babel-node esno esmo jiti",
        NODE,
        "run …",
        JavaScript,
    ),
    (
        "tsx ts-node ts-node-dev ts-node-esm ts-node-script ts-node-transpile-only swc-node",
        "e|eval|pe=code p|print=code r|require|import|loader=preload P|project|tsconfig=skip O|compiler-options|compilerOptions=skip C|cwd|dir=skip",
        "run …",
        JavaScript,
    ),
    (
        "bun",
        "e|eval|p|print=code r|preload=preload import=preload cwd|config|c|env-file|tsconfig-override|define|d|loader|l|conditions|port|install|i=skip",
        "run …",
        JavaScript,
    ),
    (
        "deno",
        "c|config|import-map|seed|location|cert|lock|env-file=skip preload=preload",
        "run …",
        JavaScript,
    ),
    (
        "python python2 python3 py pypy pypy3",
        "c=code m|W|X=skip",
        "run …",
        Foreign,
    ),
    (
        "perl ruby php lua r rscript julia elixir swift osascript groovy scala",
        "e|r|eval=code E=code I|M|m|l|s=skip",
        "run …",
        Foreign,
    ),
    ("wscript cscript mshta", "e=skip", "run …", Foreign),
    (
        "java dotnet mono wine go cargo rustc gcc g++ cc c++ clang clang++ cmake ninja meson swiftc tsc esbuild swc husky patch-package opencollective opencollective-postinstall ngcc napi neon cargo-cp-artifact electron-rebuild electron-builder bower rimraf-standalone simple-git-hooks lefthook pre-commit is-ci-cli only-allow check-node-version docker podman kubectl helm terraform vagrant make-dir open xdg-open code vim nano less more man tar-fs pkg-config pkgconf xcode-select xcodebuild xcrun sw_vers ldd ldconfig strip ar ranlib nm objdump file lsof netstat ss ps top free df du uptime lscpu dmidecode system_profiler sysctl mount umount nvidia-smi",
        "",
        "skip*",
        Tool,
    ),
    (
        "astro ava babel commitlint cypress eleventy eslint grunt gulp hardhat jake jasmine jest karma knex lint-staged metro mocha next nuxt playwright plop postcss prettier release-it rollup rspack semantic-release stylelint svgo tailwindcss tap tsdown tsup typeorm unbuild vite vitest wdio webpack",
        "c|config|configfile|f|gulpfile|gruntfile|knexfile|plopfile=run r|require|setupfiles|loader=preload d|dir|o|output|outdir|out-dir|cwd=skip",
        "skip*",
        Configured,
    ),
    ("nyc c8", "", "command …", Wrap),
    (
        "node-gyp node-pre-gyp node-gyp-build prebuild prebuild-install prebuildify cmake-js",
        "C|directory=folder",
        "skip*",
        Tool,
    ),
    (
        "npm pnpm yarn yarnpkg cnpm tnpm",
        "prefix|C|dir|cwd=folder F|filter|w|workspace|registry|loglevel|cache|userconfig|tag|otp|access|script-shell|node-options=skip",
        "skip*",
        Manager,
    ),
    (
        "npx bunx pnpx",
        "p|package=skip c|call=line userconfig|registry|cache=skip",
        "command …",
        Fetched,
    ),
    (
        "make gmake nmake mingw32-make",
        "C|directory=folder f|file|makefile=path j|jobs|l|o|W=skip",
        "skip*",
        Make,
    ),
    (
        "pip pip2 pip3 pipx uv poetry gem bundle cargo-install apt apt-get yum dnf apk brew pacman zypper choco scoop winget snap flatpak port conda mamba easy_install composer",
        "t|r|i|index-url|c=skip",
        "skip*",
        Install,
    ),
];

const NETWORK: &[Row] = &[
    ("curl curlie", CURL, "url*", Fetch),
    ("wget wget2", WGET, "url*", FetchFile),
    (
        "aria2c axel",
        "o|out=out d|dir=folder x|s|j|k|n=skip",
        "url*",
        FetchFile,
    ),
    (
        "http https httpie xh lynx links w3m elinks",
        "o|output=out a|auth=sent",
        "url data*",
        Fetch,
    ),
    ("ftp tftp lftp", "c|e=skip", "host*", Connect),
    (
        "nc ncat netcat telnet socat openssl-client",
        "e|exec|c|sh-exec=serve p|s|w|q|i|x|X|o=skip",
        "host port",
        Connect,
    ),
    (
        "ssh autossh",
        "i|F|p|l|o|L|R|D|J|W|b|c|E|e|I|m|O|Q|S|w|B=skip",
        "host command …",
        Connect,
    ),
    (
        "scp rsync sftp rclone",
        "i|F|P|o|S|e|rsh|port|exclude|include|c=skip",
        "path*",
        RemoteCopy,
    ),
    (
        "dig host nslookup drill kdig delv getent resolvectl ping ping6 fping traceroute tracert mtr",
        "t|c|q|b|p|k|n|w|W|i|s|query|querytype|type=skip",
        "host*",
        Dns,
    ),
    (
        "resolve-dnsname test-connection test-netconnection",
        "name|computername|targetname=host type|server|port|count=skip",
        "host*",
        Dns,
    ),
    ("websocat wscat", "c|connect=url x=sent", "url*", Fetch),
    (
        "invoke-webrequest iwr invoke-restmethod irm",
        "u|uri=url o|outfile=out m|method=skip b|body=sent headers=sent infile=upload useragent=sent contenttype=skip timeoutsec=skip credential=sent proxy=skip websession=skip sessionvariable=skip form=sent",
        "url*",
        Fetch,
    ),
    (
        "start-bitstransfer",
        "source=url destination=out transfertype=skip",
        "url out",
        FetchFile,
    ),
    (".downloadstring .downloaddata .openread", "", "url*", Fetch),
    (".downloadfile .downloadfileasync", "", "url out", FetchFile),
    (
        ".uploadstring .uploaddata .uploadvalues .uploadfile",
        "",
        "url sent*",
        Fetch,
    ),
    ("bitsadmin", "priority=skip", "skip skip url out", FetchFile),
    (
        "certutil",
        "urlcache=skip encode decode decodehex hashfile=skip",
        "url out",
        FetchFile,
    ),
    ("git hg svn", "C|c=skip", "skip*", Tool),
    (
        "gh glab aws gcloud az doctl heroku vercel netlify fly op vault security secret-tool pass bw lpass cmdkey vaultcmd keyctl gpg sops",
        "",
        "skip*",
        Vault,
    ),
    (
        "mail mailx sendmail mutt msmtp swaks",
        "s|a|b|c|f|r|S=skip to|t=host attach=upload",
        "host*",
        Connect,
    ),
];

const FILES: &[Row] = &[
    (
        "rm rmdir unlink rimraf del-cli shred wipe srm trash del-sync remove-item",
        "n|s=skip path|literalpath=path erroraction=skip",
        "path*",
        Files(&["fs.delete"]),
    ),
    (
        "cp copy-item cpx cpy ncp copyfiles cpr cpy-cli install ditto",
        "t|target-directory=to m|o|g|u|S|e|up=skip path=path destination=to",
        "path to",
        Copy,
    ),
    (
        "mv move-item rename-item rename move mve",
        "t|target-directory=to path=path destination|newname=to",
        "path to",
        Copy,
    ),
    (
        "ln new-symlink symlink mklink",
        "t|target-directory=to",
        "path to",
        Files(&["fs.link"]),
    ),
    (
        "mkdir mkdirp md touch mkfifo mktemp new-item make-dir-cli truncate mknod",
        "m|mode|p|s|d|r|t|itemtype|value=skip path|name=path",
        "path*",
        Files(&["fs.write"]),
    ),
    (
        "chmod chown chgrp chattr xattr setfacl icacls attrib cacls takeown",
        "reference=skip",
        "skip path*",
        Files(&["fs.permission"]),
    ),
    (
        "ls dir tree exa lsd get-childitem gci",
        "path=path filter|include|exclude|depth=skip I|L|w=skip",
        "path*",
        Files(&["fs.list"]),
    ),
    ("stat", "c|f|format=skip", "path*", Files(&["fs.metadata"])),
    (
        "cat tac bat type.exe head tail nl strings rev less.exe get-content gc od hexdump xxd base64 base32 uuencode uudecode gzip gunzip zcat bzip2 xz zstd gzcat fold column sponge pv sort-file dos2unix",
        "n|c|w|d.|b|s|p=skip path|literalpath=path encoding|totalcount=skip",
        "path*",
        Filter,
    ),
    (
        "grep egrep fgrep rg ag sed gsed awk gawk mawk nawk jq yq tr cut sort uniq wc paste join comm tee-object select-string sls json envsubst replace findstr find.exe",
        "e|f|F|v|m|A|B|C|k|t|d|s|c|o=skip expression=skip arg=skip pattern=skip path=path",
        "skip path*",
        Filter,
    ),
    (
        "openssl",
        "in=path out=out k|K|iv|pass|md|d.=skip",
        "skip*",
        Filter,
    ),
    ("tee", "", "out*", Tee),
    (
        "set-content add-content out-file sc",
        "filepath|path|literalpath=out value=sent encoding=skip",
        "out sent*",
        Tee,
    ),
    ("dd", "", "skip*", Copy),
    (
        "find gfind fd",
        "name|iname|path|ipath|type|maxdepth|mindepth|mtime|newer|size|perm|user|o=skip",
        "path*",
        Find,
    ),
    (
        "tar bsdtar gtar",
        "f|file=path C|directory=folder T|exclude|X=skip",
        "path*",
        Archive,
    ),
    (
        "unzip 7z 7za zip unrar rar expand-archive compress-archive expand",
        "d=folder o=skip path=path destinationpath=folder x|i|P=skip",
        "path*",
        Archive,
    ),
    (
        "diff cmp md5sum sha1sum sha256sum sha512sum shasum md5 cksum sum file-type get-filehash",
        "a|c=skip path=path algorithm=skip",
        "path*",
        Files(&["fs.read"]),
    ),
    (
        "sqlite3",
        "cmd=skip",
        "path skip*",
        Files(&["database.open", "fs.read"]),
    ),
];

const SYSTEM: &[Row] = &[
    (
        "hostname whoami id who w users logname last finger uname arch-name hostnamectl ifconfig ip ipconfig systeminfo machine-id scutil networksetup get-computerinfo getmac",
        "",
        "skip*",
        Prints(Host, "environment.host"),
    ),
    ("printenv", "", "skip*", Environment),
    ("history fc", "", "skip*", Prints(File, "fs.read")),
    (
        "pbpaste xclip xsel wl-paste get-clipboard",
        "selection=skip",
        "skip*",
        Prints(File, "clipboard.read"),
    ),
    (
        "pbcopy wl-copy clip set-clipboard",
        "",
        "skip*",
        Acts("clipboard.write"),
    ),
    (
        "screencapture scrot import-screen gnome-screenshot spectacle grim maim flameshot xwd",
        "",
        "out*",
        Files(&["input.capture"]),
    ),
    (
        "kill pkill killall taskkill stop-process xkill",
        "s|n|u|im|pid|name|id=skip",
        "skip*",
        Kill,
    ),
    ("crontab", "u=skip", "path*", Schedule),
    ("at batch atq", "f=path t|q=skip", "skip*", Schedule),
    (
        "schtasks register-scheduledtask",
        "tn|taskname=to tr=line sc|mo|st|ru|rl|d|m|i|sd|action|trigger=skip",
        "skip*",
        Schedule,
    ),
    (
        "systemctl launchctl service sc.exe update-rc.d",
        "",
        "skip*",
        Tool,
    ),
    ("shutdown reboot halt poweroff init", "", "skip*", Tool),
    (
        "useradd adduser usermod passwd chpasswd visudo",
        "",
        "skip*",
        Tool,
    ),
    ("iptables ufw nft setenforce auditctl", "", "skip*", Tool),
    (
        "mkfs mkfs.ext4 fdisk parted wipefs format diskpart",
        "",
        "path*",
        Files(&["fs.delete"]),
    ),
];

const WINDOWS: &[Row] = &[
    ("cmd", "c|k=command s|d|q|a|u|v|e|f", "skip*", Cmd),
    (
        "start start-process",
        "b|i|min|max|wait|low|normal|high|realtime filepath=command argumentlist=skip windowstyle|verb|workingdirectory|d=skip",
        "command …",
        Start,
    ),
    ("call", "", "command …", Wrap),
    (
        "powershell pwsh",
        "command|c=line encodedcommand|e|ec|en|enc|enco|encod|encode|encoded=encoded file|f=run executionpolicy|ep|ex|exec|windowstyle|w|win|version|psconsolefile|inputformat|outputformat|configurationname|workingdirectory|wd|settingsfile=skip noprofile nop noni noninteractive nologo noexit sta mta",
        "line*",
        PowerShell,
    ),
    ("iex invoke-expression", "command=line", "line*", Eval),
    (
        "invoke-command icm",
        "scriptblock|sb=line computername|cn|session|argumentlist=skip filepath=run",
        "line*",
        Eval,
    ),
    ("if", "", "skip*", Nothing),
    ("del erase", "", "path*", Windows(&["fs.delete"])),
    ("rd", "", "path*", Windows(&["fs.delete"])),
    ("copy xcopy robocopy", "", "path to", Copy),
    ("reg", "v|t|d|f=skip", "skip*", Tool),
    (
        "rundll32 regsvr32 msiexec installutil regasm regsvcs odbcconf",
        "i|package|x=path s|u|q|n|qn",
        "path*",
        Load,
    ),
    ("wmic", "", "skip*", Prints(Host, "environment.host")),
    (
        "set-itemproperty new-itemproperty",
        "path|name|value|propertytype=skip",
        "skip*",
        Tool,
    ),
    ("add-mppreference set-mppreference netsh", "", "skip*", Tool),
];
