using System.Diagnostics;
using System.Runtime.Versioning;

namespace Peregrine.Architecture.Tests.Scripts;

/// <summary>
/// A source tree of a few files with the real `./peregrine` in it. In the place of the SDK stands a program that "compiles"
/// by writing a script, so that the decisions of the launcher are seen without half a minute of building for each.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LaunchSandbox : IDisposable
{
    /// <summary>Counts its calls, fails on request, and publishes a program that prints the source and its arguments.</summary>
    private const string Compiler = """
        #!/bin/sh
        root=$(dirname "$0")/..
        echo call >> "$root/builds"
        if [ -e "$root/broken" ]; then echo "error CS0000: broken on request"; exit 1; fi
        while [ "$1" != -o ]; do shift; done
        mkdir -p "$2"
        { echo '#!/bin/sh'; echo "echo built from '$(cat "$root/src/Program.cs")'"; echo 'for a in "$@"; do echo "<$a>"; done'; echo 'cat'; } > "$2/peregrine"
        chmod +x "$2/peregrine"
        """;

    public LaunchSandbox()
    {
        foreach (string folder in (string[])["src", "eng", "sdk", "elsewhere"])
            Directory.CreateDirectory(Path.Combine(Root, folder));
        foreach (string file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json", "eng/Library.props"])
            File.WriteAllText(Path.Combine(Root, file), "");
        File.WriteAllText(Source, "one");
        File.Copy(RepositoryFiles.Absolute("peregrine"), Script);
        File.WriteAllText(Path.Combine(Root, "sdk", "dotnet"), Compiler.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(Path.Combine(Root, "sdk", "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Age();
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("peregrine launch ").FullName;

    public string Script => Path.Combine(Root, "peregrine");

    public string Source => Path.Combine(Root, "src", "Program.cs");

    public int Builds => File.Exists(Path.Combine(Root, "builds")) ? File.ReadAllLines(Path.Combine(Root, "builds")).Length : 0;

    /// <summary>Moves every file into the past, so that what a test touches next is newer whatever the clock's step.</summary>
    public void Age()
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Where(e => !e.Contains("artifacts", StringComparison.Ordinal)))
            Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow.AddMinutes(-1));
    }

    public async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments, string? script = null, bool withSdk = true, string input = "")
    {
        var start = new ProcessStartInfo(script ?? Script, arguments)
        {
            WorkingDirectory = Path.Combine(Root, "elsewhere"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string path = ToolsWithoutSdk();
        start.Environment["PATH"] = withSdk ? Path.Combine(Root, "sdk") + ":" + path : path;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>A folder of links to the tools the launcher uses, without the SDK, which may share a folder with them.</summary>
    private string ToolsWithoutSdk()
    {
        string tools = Path.Combine(Root, "tools");
        if (Directory.Exists(tools))
            return tools;
        Directory.CreateDirectory(tools);
        foreach (string folder in Environment.GetEnvironmentVariable("PATH")!.Split(':').Where(Directory.Exists))
        {
            foreach (string name in (string[])["sh", "find", "readlink", "date", "mkdir", "mv", "rm", "ls", "tail", "cat", "chmod", "dirname", "flock", "sleep"])
            {
                if (File.Exists(Path.Combine(folder, name)) && !File.Exists(Path.Combine(tools, name)))
                    File.CreateSymbolicLink(Path.Combine(tools, name), Path.Combine(folder, name));
            }
        }

        return tools;
    }
}
