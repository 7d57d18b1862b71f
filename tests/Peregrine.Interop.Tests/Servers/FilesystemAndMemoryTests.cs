using System.Text.Json;
using Peregrine.Client;
using Peregrine.Interop.Tests.Counterparts;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Interop.Tests.Servers;

/// <summary>Our client against server-filesystem and server-memory: every tool that they offer.</summary>
public sealed class FilesystemAndMemoryTests
{
    [Fact]
    public async Task EveryToolOfTheFilesystem()
    {
        NpmPackages.Require();
        using var folder = new TemporaryFolder();
        var root = folder.Folder;
        await using var client = await PeregrineClient.ConnectStdioAsync("node", [NpmPackages.ServerFilesystem, root]);
        var tools = (await client.ListToolsAsync()).Select(static tool => tool.Name).ToHashSet();

        Assert.Contains(Path.GetFileName(root), await CallAsync("list_allowed_directories", new { }), StringComparison.Ordinal);
        await CallAsync("create_directory", new { path = Path.Combine(root, "sub") });
        await CallAsync("write_file", new { path = Path.Combine(root, "a.txt"), content = "one\ntwo\n" });
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(root, "a.txt")));
        await CallAsync("edit_file", new { path = Path.Combine(root, "a.txt"), edits = new[] { new { oldText = "two", newText = "three" } } });
        Assert.Contains("three", await CallAsync("read_text_file", new { path = Path.Combine(root, "a.txt") }), StringComparison.Ordinal);
        Assert.Contains("three", await CallAsync("read_file", new { path = Path.Combine(root, "a.txt") }), StringComparison.Ordinal);
        Assert.Contains("one", await CallAsync("read_multiple_files", new { paths = new[] { Path.Combine(root, "a.txt") } }), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(Path.Combine(root, "b.png"), [0x89, (byte)'P', (byte)'N', (byte)'G']);
        using (var media = await client.CallToolAsync("read_media_file", JsonSerializer.SerializeToUtf8Bytes(new { path = Path.Combine(root, "b.png") })))
        {
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], media.Parts[0].GetData());
        }

        await CallAsync("move_file", new { source = Path.Combine(root, "a.txt"), destination = Path.Combine(root, "sub", "c.txt") });
        Assert.Contains("[DIR] sub", await CallAsync("list_directory", new { path = root }), StringComparison.Ordinal);
        Assert.Contains("b.png", await CallAsync("list_directory_with_sizes", new { path = root }), StringComparison.Ordinal);
        Assert.Contains("c.txt", await CallAsync("directory_tree", new { path = root }), StringComparison.Ordinal);
        Assert.Contains("c.txt", await CallAsync("search_files", new { path = root, pattern = "**/*.txt" }), StringComparison.Ordinal);
        Assert.Contains("size", await CallAsync("get_file_info", new { path = Path.Combine(root, "b.png") }), StringComparison.Ordinal);
        Assert.Equal(["read_media_file"], tools.Except(_called));
        using var refused = await client.CallToolAsync("read_text_file", """{"path":"/etc/hostname"}"""u8.ToArray());
        Assert.True(refused.IsError);

        Task<string> CallAsync(string tool, object arguments) => this.CallAsync(client, tool, arguments);
    }

    [Fact]
    public async Task EveryToolOfTheMemory()
    {
        NpmPackages.Require();
        using var folder = new TemporaryFolder();
        var options = new PeregrineClientOptions { Environment = new Dictionary<string, string?> { ["MEMORY_FILE_PATH"] = Path.Combine(folder.Folder, "memory.jsonl") } };
        await using var client = await PeregrineClient.ConnectStdioAsync("node", [NpmPackages.ServerMemory], options);
        var tools = (await client.ListToolsAsync()).Select(static tool => tool.Name).ToHashSet();

        await CallAsync("create_entities", new { entities = new[] { new { name = "falcon", entityType = "bird", observations = new[] { "fast" } }, new { name = "sky", entityType = "place", observations = Array.Empty<string>() } } });
        await CallAsync("create_relations", new { relations = new[] { new { from = "falcon", to = "sky", relationType = "lives in" } } });
        await CallAsync("add_observations", new { observations = new[] { new { entityName = "falcon", contents = new[] { "small" } } } });
        Assert.Contains("lives in", await CallAsync("read_graph", new { }), StringComparison.Ordinal);
        Assert.Contains("falcon", await CallAsync("search_nodes", new { query = "small" }), StringComparison.Ordinal);
        Assert.Contains("fast", await CallAsync("open_nodes", new { names = new[] { "falcon" } }), StringComparison.Ordinal);
        await CallAsync("delete_observations", new { deletions = new[] { new { entityName = "falcon", observations = new[] { "small" } } } });
        await CallAsync("delete_relations", new { relations = new[] { new { from = "falcon", to = "sky", relationType = "lives in" } } });
        await CallAsync("delete_entities", new { entityNames = new[] { "sky" } });
        var left = await CallAsync("read_graph", new { });
        Assert.Contains("falcon", left, StringComparison.Ordinal);
        Assert.DoesNotContain("lives in", left, StringComparison.Ordinal);
        Assert.Empty(tools.Except(_called));

        Task<string> CallAsync(string tool, object arguments) => this.CallAsync(client, tool, arguments);
    }

    private readonly HashSet<string> _called = [];

    private async Task<string> CallAsync(PeregrineClient client, string tool, object arguments)
    {
        _called.Add(tool);
        return await PeregrineClients.CallAsync(client, tool, JsonSerializer.Serialize(arguments));
    }
}
