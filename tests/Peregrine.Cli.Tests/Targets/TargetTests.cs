using Peregrine.Cli.Targets;

namespace Peregrine.Cli.Tests.Targets;

/// <summary>Servers as they are named on the command line.</summary>
public sealed class TargetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peregrine-target-");

    [Fact]
    public void PathsAreWholeForAProgramThatRunsElsewhere()
    {
        var project = Path.GetRelativePath(Environment.CurrentDirectory, _folder.FullName);
        var target = new Target(null, ["dotnet", "run", "--project", project, "--", "--folder", "no-such-folder", "plain"]);

        Assert.Equal(["dotnet", "run", "--project", _folder.FullName, "--", "--folder", "no-such-folder", "plain"], target.FromAnywhere().Command);
    }

    [Fact]
    public void APackageIsNoPath() => Assert.Equal(["npx", "-y", "@modelcontextprotocol/server-everything"], new Target(null, ["npx", "-y", "@modelcontextprotocol/server-everything"]).FromAnywhere().Command);

    public void Dispose() => _folder.Delete();
}
