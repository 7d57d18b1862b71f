using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Peregrine.Protocol.Tests;

/// <summary>
/// The messages that the property tests vary: the specification's examples of 2026-07-28 where they lie beside the repository, and always
/// the small corpus of our own. Examples that are no whole messages are wrapped as params and as result.
/// </summary>
public static class ExampleMessages
{
    private static readonly Lazy<IReadOnlyList<byte[]>> Loaded = new(Load);

    /// <summary>The folder of the specification's schemas; null where it is absent.</summary>
    public static string? SchemaFolder { get; } = FindSchemaFolder();

    /// <summary>All messages, each as it is written and without white space.</summary>
    public static IReadOnlyList<byte[]> All => Loaded.Value;

    /// <summary>Skips the test, saying why, where the specification's schemas are absent.</summary>
    public static string RequireSchemaFolder()
    {
        Assert.SkipWhen(SchemaFolder is null, "The specification's schemas (../shared/mcp-schema beside the repository) are absent.");
        return SchemaFolder!;
    }

    private static string? FindSchemaFolder([CallerFilePath] string source = "")
    {
        for (var folder = new FileInfo(source).Directory; folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "mcp-schema");
            if (Directory.Exists(Path.Combine(candidate, "2026-07-28", "examples")))
            {
                return candidate;
            }
        }

        return null;
    }

    private static List<byte[]> Load()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.json", SearchOption.AllDirectories).ToList();
        if (SchemaFolder is not null)
        {
            files.AddRange(Directory.GetFiles(Path.Combine(SchemaFolder, "2026-07-28", "examples"), "*.json", SearchOption.AllDirectories));
        }

        files.Sort(StringComparer.Ordinal);
        return files.SelectMany(static file => Messages(File.ReadAllBytes(file))).ToList();
    }

    private static IEnumerable<byte[]> Messages(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var compact = JsonSerializer.SerializeToUtf8Bytes(document.RootElement);
        if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("jsonrpc", out _))
        {
            return [json, compact];
        }

        var text = Encoding.UTF8.GetString(compact);
        return
        [
            Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{text}}}"""),
            Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":"r-1","result":{{text}}}"""),
        ];
    }
}
