namespace Peregrine.Server.Tests.Resources.Files;

/// <summary>A folder with files, one with secrets beside it, and both gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("peregrine-files-").FullName;

    internal TestFolder()
    {
        Directory.CreateDirectory(Path.Join(Root, "sub", "deep"));
        Directory.CreateDirectory(Path.Join(Root, ".hidden"));
        Directory.CreateDirectory(Path.Join(_parent, "root-secrets"));
        Write("a.txt", "text of a");
        Write("sub/b c.md", "# b");
        Write("sub/deep/é.json", "{}");
        Write(".hidden/x.txt", "hidden");
        Write(".env", "hidden");
        Write("../secret.txt", "secret");
        Write("../root-secrets/secret.txt", "secret");
    }

    internal string Root => Path.Join(_parent, "root");

    internal void Write(string path, string text) => File.WriteAllText(Path.Join(Root, path), text);

    internal void Write(string path, byte[] bytes) => File.WriteAllBytes(Path.Join(Root, path), bytes);

    internal void Link(string path, string target)
    {
        if (Directory.Exists(target))
        {
            Directory.CreateSymbolicLink(Path.Join(Root, path), target);
        }
        else
        {
            File.CreateSymbolicLink(Path.Join(Root, path), target);
        }
    }

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}
