//! Functions of systems that reach outside the process: POSIX, macOS, Windows, WASI.

/// Function → behaviour, sorted by function. Windows' `A` and `W` forms, and `Ex` before them,
/// are the same function.
const CALLS: &[(&str, &str)] = &[
    ("BitBlt", "native.capture"),
    ("CGDisplayCreateImage", "native.capture"),
    ("CGEventTapCreate", "native.capture"),
    ("CreateProcess", "native.process"),
    ("CreateRemoteThread", "native.memory"),
    ("CreateService", "native.persistence"),
    ("CredEnumerate", "native.credential"),
    ("CredRead", "native.credential"),
    ("CryptUnprotectData", "native.credential"),
    ("GetAsyncKeyState", "native.capture"),
    ("GetClipboardData", "native.capture"),
    ("HttpSendRequest", "native.network"),
    ("InternetOpen", "native.network"),
    ("InternetOpenUrl", "native.network"),
    ("LoadLibrary", "native.library"),
    ("LsaRetrievePrivateData", "native.credential"),
    ("NtUnmapViewOfSection", "native.memory"),
    ("QueueUserAPC", "native.memory"),
    ("ReadProcessMemory", "native.memory"),
    ("RegSetValue", "native.persistence"),
    ("SMLoginItemSetEnabled", "native.persistence"),
    ("SecItemCopyMatching", "native.credential"),
    ("SecKeychainFindGenericPassword", "native.credential"),
    ("SetThreadContext", "native.memory"),
    ("SetWindowsHook", "native.capture"),
    ("ShellExecute", "native.process"),
    ("URLDownloadToFile", "native.network"),
    ("VirtualAllocEx", "native.memory"),
    ("WSAConnect", "native.network"),
    ("WSASocket", "native.network"),
    ("WSAStartup", "native.network"),
    ("WinExec", "native.process"),
    ("WinHttpOpen", "native.network"),
    ("WinHttpSendRequest", "native.network"),
    ("WriteProcessMemory", "native.memory"),
    ("XGetImage", "native.capture"),
    ("XQueryKeymap", "native.capture"),
    ("connect", "native.network"),
    ("curl_easy_perform", "native.network"),
    ("dlopen", "native.library"),
    ("environ_get", "native.environment"),
    ("execl", "native.process"),
    ("execlp", "native.process"),
    ("execv", "native.process"),
    ("execve", "native.process"),
    ("execvp", "native.process"),
    ("execvpe", "native.process"),
    ("fexecve", "native.process"),
    ("fork", "native.process"),
    ("getaddrinfo", "native.network"),
    ("gethostbyname", "native.network"),
    ("mach_vm_read", "native.memory"),
    ("mach_vm_write", "native.memory"),
    ("nw_connection_create", "native.network"),
    ("path_open", "native.files"),
    ("path_unlink_file", "native.files"),
    ("popen", "native.process"),
    ("posix_spawn", "native.process"),
    ("posix_spawnp", "native.process"),
    ("process_vm_readv", "native.memory"),
    ("process_vm_writev", "native.memory"),
    ("ptrace", "native.memory"),
    ("sendto", "native.network"),
    ("sock_accept", "native.network"),
    ("sock_recv", "native.network"),
    ("sock_send", "native.network"),
    ("system", "native.process"),
    ("task_for_pid", "native.memory"),
    ("vfork", "native.process"),
];

/// Behaviour and function of an imported name.
pub(super) fn call(name: &str) -> Option<(&'static str, &'static str)> {
    find(name)
        // macOS puts an underscore before, and a variant after a dollar.
        .or_else(|| find(name.strip_prefix('_')?.split('$').next()?))
        .or_else(|| find(name.strip_suffix(['A', 'W'])?))
        .or_else(|| find(name.strip_suffix(['A', 'W'])?.strip_suffix("Ex")?))
}

fn find(name: &str) -> Option<(&'static str, &'static str)> {
    let at = CALLS
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()?;
    CALLS.get(at).map(|&(name, id)| (id, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;

    #[test]
    fn the_table_is_sorted_and_its_behaviours_exist() {
        assert!(CALLS.is_sorted());
        for (name, id) in CALLS {
            assert!(api::behaviour(id).is_some(), "{name}");
        }
    }

    #[test]
    fn variants_are_one_function() {
        for name in ["CreateProcessA", "CreateProcessW", "CreateProcess"] {
            assert_eq!(
                call(name),
                Some(("native.process", "CreateProcess")),
                "{name}"
            );
        }
        assert_eq!(
            call("SetWindowsHookExW"),
            Some(("native.capture", "SetWindowsHook"))
        );
        assert_eq!(call("_popen$UNIX2003"), Some(("native.process", "popen")));
        assert_eq!(call("_connect"), Some(("native.network", "connect")));
        assert_eq!(call("napi_create_function"), None);
        assert_eq!(call("reconnect"), None);
    }
}
