namespace Peregrine.Interop.Tests.Processes;

/// <summary>A folder for the files of one test; disposing removes it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Folder { get; } = Directory.CreateTempSubdirectory("peregrine-").FullName;

    internal string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
