using System.Text;
using System.Text.Json;

namespace Peregrine.JsonSchema.Tests.Suite;

/// <summary>The JSON-Schema-Test-Suite, read where it lies: JSON_SCHEMA_TEST_SUITE, or ../shared/json-schema-test-suite beside the repository.</summary>
internal static class SchemaSuite
{
    private const string Remotes = "http://localhost:1234/";

    /// <summary>Its folder, or null.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why its tests are skipped.</summary>
    public const string Absent = "The JSON-Schema-Test-Suite is not here: put it at ../shared/json-schema-test-suite, or name its folder in JSON_SCHEMA_TEST_SUITE.";

    /// <summary>Every case of the files in a folder of the suite.</summary>
    public static IEnumerable<SuiteCase> Cases(string folder)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Folder!, "tests", folder), "*.json").Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var group in document.RootElement.EnumerateArray())
            {
                var schema = Encoding.UTF8.GetBytes(group.GetProperty("schema").GetRawText());
                foreach (var test in group.GetProperty("tests").EnumerateArray())
                {
                    yield return new SuiteCase(
                        $"{folder}/{Path.GetFileName(file)}: {group.GetProperty("description").GetString()} / {test.GetProperty("description").GetString()}",
                        schema,
                        Encoding.UTF8.GetBytes(test.GetProperty("data").GetRawText()),
                        test.GetProperty("valid").GetBoolean());
                }
            }
        }
    }

    /// <summary>Gives what the suite expects at http://localhost:1234.</summary>
    public static ReadOnlyMemory<byte>? Resolve(string uri)
    {
        if (!uri.StartsWith(Remotes, StringComparison.Ordinal))
        {
            return null;
        }

        var path = Path.Combine(Folder!, "remotes", uri[Remotes.Length..]);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>Judges each case as the suite does, and gives those that come out otherwise.</summary>
    public static List<string> Failures(IEnumerable<SuiteCase> cases, JsonSchemaOptions options)
    {
        List<string> failures = [];
        var (bytes, schema) = (Array.Empty<byte>(), default(JsonSchema)!);
        foreach (var test in cases)
        {
            try
            {
                if (!ReferenceEquals(bytes, test.Schema))
                {
                    (bytes, schema) = (test.Schema, JsonSchema.Compile(test.Schema, options));
                }

                var result = schema.Validate(test.Data);
                if (schema.IsValid(test.Data) != test.IsValid || result.IsValid != test.IsValid)
                {
                    failures.Add($"{test.Name}: expected {(test.IsValid ? "valid" : "invalid")}");
                }
            }
            catch (JsonSchemaException e)
            {
                failures.Add($"{test.Name}: {e.Message}");
            }
        }

        return failures;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("JSON_SCHEMA_TEST_SUITE") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Peregrine.slnx")))
            {
                var beside = Path.Combine(folder.FullName, "..", "shared", "json-schema-test-suite");
                return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
            }
        }

        return null;
    }
}
