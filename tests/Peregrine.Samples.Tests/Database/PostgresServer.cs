using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Peregrine.Samples.Tests.Database;

/// <summary>A PostgreSQL server of the test's own, in a folder of its own, reached over a socket in that folder. Never run as root, which PostgreSQL refuses.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private PostgresServer(DirectoryInfo folder, Process process)
    {
        _folder = folder;
        _process = process;
    }

    internal string ConnectionString => $"Host={_folder.FullName};Username=postgres;Database=postgres";

    /// <summary>What the server has logged: every statement.</summary>
    internal ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Starts one; null where PostgreSQL is not installed, or there is nobody but root to run it.</summary>
    internal static async Task<PostgresServer?> TryStartAsync()
    {
        if (!OperatingSystem.IsLinux() || FindPrograms() is not { } programs || (Environment.UserName == "root" && !File.Exists("/usr/bin/setpriv")))
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("peregrine-pg-");
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        var data = Path.Combine(folder.FullName, "data");
        using (var init = Start(Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C"))
        {
            var output = init.StandardOutput.ReadToEndAsync();
            var error = await init.StandardError.ReadToEndAsync().WaitAsync(Patience);
            await init.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(init.ExitCode == 0, $"{await output}{error}");
        }

        var process = Start(Path.Combine(programs, "postgres"), "-D", data, "-k", folder.FullName, "-h", "", "-F", "-c", "log_statement=all", "-c", "max_connections=40");
        var server = new PostgresServer(folder, process);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            server.Log.Enqueue(line.Data ?? "");
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException($"PostgreSQL does not start: {string.Join('\n', server.Log)}"));
            }
            else if (line.Data.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await ready.Task.WaitAsync(Patience);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        // Asked to end, lest its processes still write into the folder that is deleted.
        using (var interrupt = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync().WaitAsync(Patience);
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        start.WorkingDirectory = "/";
        return Process.Start(start)!;
    }

    // Debian keeps them out of the PATH, a folder for each version.
    private static string? FindPrograms()
    {
        string[] places = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), .. Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Reverse().Select(static version => Path.Combine(version, "bin")) : []];
        return places.FirstOrDefault(static place => File.Exists(Path.Combine(place, "initdb")) && File.Exists(Path.Combine(place, "postgres")));
    }
}
