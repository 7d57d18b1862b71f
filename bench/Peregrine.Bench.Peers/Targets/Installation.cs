using Peregrine.Bench.Peers.Http;
using Peregrine.Bench.Peers.Processes;

namespace Peregrine.Bench.Peers.Targets;

/// <summary>Where the programs are, and what is missing.</summary>
internal sealed class Installation
{
    private const string LaunchScript = "peregrine";
    private const string DebianNginx = "/usr/sbin/nginx";

    private Installation(string root, string? server)
    {
        Root = root;
        string script = Path.Combine(root, LaunchScript);
        Server = server ?? (File.Exists(script) ? script : FindBuiltServer(root));
        MissingServer = Server is null ? "not built; --server names a program" : null;
        Node = FindOnPath("node");
        // Debian puts it where only root's PATH leads.
        Nginx = FindOnPath("nginx") ?? (File.Exists(DebianNginx) ? DebianNginx : null);
        Wrk = FindOnPath("wrk") is { } wrk ? new WrkTool(wrk, Path.Combine(root, "bench", "peers", "wrk")) : null;
    }

    /// <summary>The repository.</summary>
    public string Root { get; }

    /// <summary>The <c>peregrine</c> program or script; null when none is built.</summary>
    public string? Server { get; }

    /// <summary>Why our server cannot run; null when it can.</summary>
    public string? MissingServer { get; private set; }

    public string? Node { get; }

    public WrkTool? Wrk { get; }

    /// <summary>nginx; null when it is not installed.</summary>
    public string? Nginx { get; }

    private string TypeScript => Path.Combine(Root, "bench", "peers", "typescript");

    /// <summary>Looks for everything; <paramref name="server"/> overrides the program under test.</summary>
    public static Installation Find(string? server)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
                return new Installation(folder.FullName, server is null ? null : Path.GetFullPath(server));
        }

        throw new BenchException("the repository's root was not found above the program");
    }

    /// <summary>A floor program or C# counterpart, built with this project.</summary>
    public string Built(string project) => Path.Combine(Root, "artifacts", "bin", project, "release", project);

    public string? MissingBuilt(string project) => File.Exists(Built(project)) ? null : $"not built; run: dotnet build -c Release bench/*/{project}";

    public string TypeScriptFile(string name) => Path.Combine(TypeScript, name);

    public string? MissingNode => Node is null ? "node is not on the PATH" :
        Directory.Exists(Path.Combine(TypeScript, "node_modules")) ? null : "run: npm ci --prefix bench/peers/typescript";

    /// <summary>Lets the launch script build what it starts, where that is still to be done: a build inside a row would be measured, or run into its deadline.</summary>
    public void BuildServer(Action<string> progress)
    {
        if (Server != Path.Combine(Root, LaunchScript))
            return;
        try
        {
            NativeProcess.RunToEnd([Server, "--version"], ProcessorAffinity.Get(), TimeSpan.FromMinutes(10), out _);
        }
        catch (BenchException exception)
        {
            MissingServer = "it does not build or start";
            progress(exception.Message);
        }
    }

    /// <summary>Installs the TypeScript SDKs from their lock file where that is still to be done.</summary>
    public void InstallTypeScript(Action<string> progress)
    {
        if (Node is null || MissingNode is null || FindOnPath("npm") is not { } npm)
            return;
        progress("installing the TypeScript SDKs (npm ci)");
        try
        {
            NativeProcess.RunToEnd([npm, "ci", "--prefix", TypeScript, "--no-audit", "--no-fund"], ProcessorAffinity.Get(), TimeSpan.FromMinutes(5), out _);
        }
        catch (BenchException exception)
        {
            progress(exception.Message);
        }
    }

    public static string? FindOnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static string? FindBuiltServer(string root)
    {
        string outputs = Path.Combine(root, "artifacts", "bin", "Peregrine.Cli");
        return Directory.Exists(outputs)
            ? Directory.EnumerateDirectories(outputs, "release*").Select(folder => Path.Combine(folder, "peregrine")).FirstOrDefault(File.Exists)
            : null;
    }
}
