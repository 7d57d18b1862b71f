using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Peregrine.Load.Driving;
using Peregrine.Load.Workloads;

namespace Peregrine.Bench.Generator;

/// <summary>The programs that are started, and where they run.</summary>
internal static class Programs
{
    private const string Reply = """{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"a falcon at the top of its dive"}]}}""";
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    public static string Root { get; } = FindRoot();

    public static string Results { get; } = Path.Combine(Root, "bench", "results");

    /// <summary>The same call as that of the preset, without what the floor cannot know.</summary>
    public static Workload Echo { get; } = WorkloadPresets.Find("echo")!;

    public static LoadTarget StdioFloor => new() { Command = Pinned(Built("StdioFloor"), "--mode", "thread", "--reply", Reply) };

    public static LoadTarget Slowed(int spin) => new() { Command = Pinned(Environment.ProcessPath!, "serve", "--spin", Text(spin)) };

    public static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Keeps this process, and with it the load, on the first processor; servers run on the second.</summary>
    public static void Pin()
    {
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
        {
            Process.GetCurrentProcess().ProcessorAffinity = 1;
        }
    }

    /// <summary>Starts the HTTP floor and waits until it listens.</summary>
    public static async Task<(Process Server, Uri Url)> StartHttpFloorAsync()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var url = new Uri($"http://127.0.0.1:{Text(port)}");
        string[] command = Pinned(Built("HttpFloor"), "--urls", url.ToString(), "--variant", "write", "--reply", Reply);
        var server = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)))!;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartTime)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return (server, new Uri(url, "/mcp"));
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }

        server.Kill();
        throw new InvalidOperationException("the floor did not listen in time");
    }

    private static string[] Pinned(params string[] command) =>
        OperatingSystem.IsLinux() && CanPin ? ["taskset", "-c", "1", .. command] : command;

    private static bool CanPin { get; } = Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset");

    private static string Built(string project) => Path.Combine(AppContext.BaseDirectory, "..", "..", project, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), project);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the repository's root was not found above the program");
    }
}
