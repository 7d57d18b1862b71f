using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Processes;

namespace Peregrine.Transport.Tests.Processes;

public sealed class ProcessConnectionTests
{
    // Answers each request with its own params.
    private const string Echo = """exec sed -u 's/.*"id":\([0-9]*\).*"params":\(.*\)}$/{"jsonrpc":"2.0","id":\1,"result":\2}/'""";

    public ProcessConnectionTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs /bin/sh");

    [Fact]
    public async Task A_server_process_answers_and_ends_with_the_connection()
    {
        var connection = Start(Echo);
        using (var reply = await connection.SendRequestAsync("a"u8, "{\"b\":\"c d\"}"u8).Soon())
        {
            Assert.Equal("{\"b\":\"c d\"}", Encoding.UTF8.GetString(reply.Result.Span));
        }

        Assert.False(connection.Exited.IsCompleted);
        await connection.DisposeAsync().Soon();
        Assert.Equal(0, (await connection.Exited.Soon()).Code);
        AssertGone(connection.ProcessId);
    }

    [Fact]
    public async Task The_exit_is_observed_and_told_with_the_last_words()
    {
        await using var connection = Start("read line; echo one >&2; echo two >&2; exit 7");
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => connection.SendRequestAsync("a"u8, "{}"u8).Soon());
        Assert.Equal(TransportFault.ConnectionLost, exception.Fault);
        Assert.Contains("exited with code 7", exception.Message, StringComparison.Ordinal);
        Assert.Contains("one\n  two", exception.Message, StringComparison.Ordinal);
        Assert.Equal(new ProcessExit(7, null), await connection.Exited.Soon());
        AssertGone(connection.ProcessId);
        Assert.Equal(["one", "two"], connection.LastErrorLines);
    }

    [Fact]
    public async Task A_killed_process_is_told_by_its_signal()
    {
        await using var connection = Start("exec cat >/dev/null");
        var call = connection.SendRequestAsync("a"u8, "{}"u8).AsTask();
        Process.GetProcessById(connection.ProcessId).Kill();
        var exception = await Assert.ThrowsAsync<McpTransportException>(() => call.Soon());
        Assert.Contains("was ended by signal 9", exception.Message, StringComparison.Ordinal);
        Assert.Contains("nothing to its standard error", exception.Message, StringComparison.Ordinal);
        Assert.Equal(new ProcessExit(null, 9), await connection.Exited.Soon());
        AssertGone(connection.ProcessId);
    }

    [Fact]
    public async Task Many_short_processes_leave_no_zombie()
    {
        var connections = Enumerable.Range(0, 30).Select(i => Start($"exit {i}")).ToArray();
        for (var i = 0; i < connections.Length; i++)
        {
            Assert.Equal(i, (await connections[i].Exited.Soon()).Code);
            AssertGone(connections[i].ProcessId);
            await connections[i].DisposeAsync().Soon();
        }
    }

    [Theory]
    [InlineData("sleep 1000 & echo $! >&2; exec cat")] // ends at the end of its input
    [InlineData("trap '' HUP; sleep 1000 & echo $! >&2; exit 3")] // ends by itself
    [InlineData("trap '' TERM HUP; sleep 1000 & echo $! >&2; while :; do wait; sleep 1000; done")] // ignores everything polite
    [InlineData("exec bash -c \"set -m; trap '' TERM; sleep 1000 & echo \\$! >&2; while :; do wait; sleep 1000; done\"")] // grandchild in a group of its own
    public async Task No_grandchild_survives(string script)
    {
        Assert.SkipWhen(script.Contains("bash", StringComparison.Ordinal) && !File.Exists("/bin/bash"), "needs bash");
        var line = new TaskCompletionSource<string>();
        var connection = Start(script, o => o with { StopGrace = TimeSpan.FromMilliseconds(50), OnErrorLine = l => line.TrySetResult(l) });
        var grandchild = int.Parse(await line.Task.Soon(), System.Globalization.CultureInfo.InvariantCulture);
        await connection.DisposeAsync().Soon();
        await connection.Exited.Soon();
        AssertGone(connection.ProcessId);
        AssertNotRunning(grandchild);
    }

    [Fact]
    public async Task A_child_that_ends_at_SIGTERM_is_not_killed()
    {
        var ready = new TaskCompletionSource();
        var connection = Start("trap 'exit 5' TERM; echo ready >&2; while :; do sleep 0.01; done", o => o with
        {
            StopGrace = TimeSpan.FromSeconds(1),
            OnErrorLine = _ => ready.TrySetResult(),
        });
        await ready.Task.Soon();
        await connection.DisposeAsync().Soon();
        Assert.Equal(5, (await connection.Exited.Soon()).Code);
    }

    [Fact]
    public async Task A_child_that_never_reads_holds_up_nobody_who_gives_up()
    {
        await using var connection = Start("exec sleep 1000", o => o with
        {
            StopGrace = TimeSpan.Zero,
            Connection = new DuplexConnectionOptions { MaxUnsentBytes = 200_000 },
        });
        var big = Encoding.UTF8.GetBytes($$"""{"v":"{{new string('x', 100_000)}}"}""");
        using var cancel = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 10).Select(_ => connection.SendRequestAsync("a"u8, big, default, cancel.Token).AsTask()).ToArray();
        await cancel.CancelAsync();
        foreach (var call in calls)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        }
    }

    [Fact]
    public async Task A_hundred_idle_children_hold_no_threads()
    {
        var before = Process.GetCurrentProcess().Threads.Count;
        var lines = new SemaphoreSlim(0);
        var connections = Enumerable.Range(0, 100).Select(_ => Start("echo up >&2; exec cat", o => o with { OnErrorLine = _ => lines.Release() })).ToArray();

        // Every one has been talked to and heard, on both of its outputs, and now waits with two reads pending.
        foreach (var connection in connections)
        {
            await connection.SendNotificationAsync("n"u8, default).Soon();
            Assert.True(await lines.WaitAsync(TestTime.Limit));
        }

        var more = Process.GetCurrentProcess().Threads.Count - before;
        foreach (var connection in connections)
        {
            await connection.DisposeAsync().Soon();
        }

        // 200 blocked reads would be 200 threads; other tests run beside this one, so a few may come and go.
        Assert.InRange(more, -100, 30);
    }

    [Fact]
    public async Task Arguments_environment_and_directory_reach_the_child_as_they_are()
    {
        string[] hard = ["a b", "", "$HOME", "'", "\"", "*", "ä\u00F6\U0001F600", "-n"];
        Environment.SetEnvironmentVariable("PEREGRINE_TEST_REMOVED", "here");
        var lines = new List<string>();
        await using var connection = ProcessConnection.Start(new ProcessConnectionOptions
        {
            Command = "sh",
            Arguments = ["-c", "for a in \"$@\"; do printf '[%s]\\n' \"$a\"; done >&2; echo \"$ADDED|$PEREGRINE_TEST_REMOVED|$(pwd)\" >&2", "sh", .. hard],
            Environment = new Dictionary<string, string?> { ["ADDED"] = "x=y", ["PEREGRINE_TEST_REMOVED"] = null },
            WorkingDirectory = "/usr",
            OnErrorLine = lines.Add,
        });
        Assert.Equal(0, (await connection.Exited.Soon()).Code);
        await connection.Completion.Soon();
        Assert.Equal([.. hard.Select(a => $"[{a}]"), "x=y||/usr"], lines);
    }

    [Fact]
    public async Task Without_inheritance_the_child_sees_only_what_it_is_given()
    {
        var lines = new List<string>();
        await using var connection = ProcessConnection.Start(new ProcessConnectionOptions
        {
            Command = "/bin/sh",
            Arguments = ["-c", "env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= | sort >&2"],
            Environment = new Dictionary<string, string?> { ["ONLY"] = "1", ["PATH"] = "/usr/bin:/bin" },
            InheritEnvironment = false,
            OnErrorLine = lines.Add,
        });
        await connection.Exited.Soon();
        await connection.Completion.Soon();
        Assert.Equal(["ONLY=1", "PATH=/usr/bin:/bin"], lines.Where(static l => !l.StartsWith("OLDPWD=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_child_inherits_no_stray_descriptor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks into /proc");

        // Both ends of this pipe would go on to a child started carelessly.
        await using var stray = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);
        var lines = new List<string>();
        await using var connection = Start("exec ls -l /proc/self/fd >&2", o => o with { OnErrorLine = lines.Add });
        Assert.Equal(0, (await connection.Exited.Soon()).Code);
        await connection.Completion.Soon();

        // Three pipes, and the folder that ls itself has open.
        var targets = lines.Where(static l => l.Contains(" -> ", StringComparison.Ordinal)).Select(static l => l.Split(" -> ")[1][..5]).ToArray();
        Assert.Equal(["pipe:", "pipe:", "pipe:", "/proc"], targets);
    }

    [Fact]
    public async Task A_child_ignores_no_signal_that_this_process_ignores()
    {
        await using var connection = Start("kill -PIPE $$; exit 0");
        Assert.Equal(new ProcessExit(null, 13), await connection.Exited.Soon());
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_start_that_fails_says_why()
    {
        var folder = Directory.CreateTempSubdirectory("peregrine-start");
        try
        {
            var plain = Path.Combine(folder.FullName, "plain");
            File.WriteAllText(plain, "echo no first line");
            Assert.Contains("not executable", Fails(plain), StringComparison.Ordinal);
            File.SetUnixFileMode(plain, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Contains("is no program", Fails(plain), StringComparison.Ordinal);
            var script = Path.Combine(folder.FullName, "script");
            File.WriteAllText(script, "#!/no/such/interpreter\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Contains("interpreter", Fails(script), StringComparison.Ordinal);
            Assert.Contains("is a directory", Fails(folder.FullName), StringComparison.Ordinal);
            Assert.Contains("does not exist", Fails("/no/such/program"), StringComparison.Ordinal);
            Assert.Contains("no program of that name in PATH", Fails("no-such-program-anywhere"), StringComparison.Ordinal);
            Assert.Contains("working directory", Fails("sh", "/no/such/folder"), StringComparison.Ordinal);
            Assert.Contains("not executable", Fails("plain2", null, folder.FullName), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string Fails(string command, string? directory = null, string? path = null)
        {
            if (path is not null)
            {
                File.WriteAllText(Path.Combine(path, command), "x");
            }

            var exception = Assert.Throws<McpTransportException>(() => ProcessConnection.Start(new ProcessConnectionOptions
            {
                Command = command,
                WorkingDirectory = directory,
                Environment = path is null ? new Dictionary<string, string?>() : new Dictionary<string, string?> { ["PATH"] = path },
            }));
            Assert.Equal(TransportFault.ConnectFailed, exception.Fault);
            Assert.False(exception.MayHaveRun);
            return exception.Message;
        }
    }

    [Fact]
    public void All_faults_of_the_options_are_named_at_once()
    {
        var exception = Assert.Throws<ArgumentException>(() => ProcessConnection.Start(new ProcessConnectionOptions
        {
            Command = " ",
            Arguments = ["a\0b"],
            StopGrace = TimeSpan.FromTicks(-1),
            Environment = new Dictionary<string, string?> { ["A=B"] = "c" },
        }));
        foreach (var part in new[] { "Command is empty", "StopGrace", "null character", "'A=B'" })
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Standard_error_is_bounded_and_a_callback_that_throws_ends_nothing()
    {
        await using var connection = Start(
            "i=0; while [ $i -lt 50 ]; do echo $i >&2; i=$((i+1)); done; head -c 100000 /dev/zero | tr '\\0' x >&2; echo >&2; echo end >&2",
            o => o with { OnErrorLine = _ => throw new InvalidOperationException("planted") });
        await connection.Exited.Soon();
        await connection.Completion.Soon();
        Assert.Equal(20, connection.LastErrorLines.Count);
        Assert.Equal("(a line too long to show)", connection.LastErrorLines[18]);
        Assert.Equal("end", connection.LastErrorLines[19]);
    }

    private static ProcessConnection Start(string script, Func<ProcessConnectionOptions, ProcessConnectionOptions>? change = null)
    {
        var options = new ProcessConnectionOptions { Command = "sh", Arguments = ["-c", script] };
        return ProcessConnection.Start(change?.Invoke(options) ?? options);
    }

    // Not even as a zombie.
    private static void AssertGone(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.False(Directory.Exists($"/proc/{pid}"), $"process {pid} is still there");
        }
    }

    // An orphan's zombie belongs to the system's first process, which takes its time.
    private static void AssertNotRunning(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            var stat = $"/proc/{pid}/stat";
            try
            {
                var text = File.ReadAllText(stat);
                Assert.Contains(text[text.LastIndexOf(')') + 2], new[] { 'Z', 'X' });
            }
            catch (IOException)
            {
                // Gone.
            }
        }
    }
}
