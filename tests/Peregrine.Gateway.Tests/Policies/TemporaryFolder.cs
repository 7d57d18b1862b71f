namespace Peregrine.Gateway.Tests.Policies;

/// <summary>A folder that is gone with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("peregrine").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    internal string File(string name) => Path.Combine(_path, name);
}
