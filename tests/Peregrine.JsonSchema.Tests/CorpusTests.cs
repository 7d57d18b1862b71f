using System.Text;
using System.Text.Json;

namespace Peregrine.JsonSchema.Tests;

/// <summary>Cases of our own for every keyword: schemas with instances that are valid and invalid.</summary>
public sealed class CorpusTests
{
    private static readonly string[] s_files =
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.json").Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. s_files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_instance_is_judged_right(string file)
    {
        var options = JsonSchemaOptions.Default with { AssertFormat = file == "formats.json" };
        List<string> failures = [];
        foreach (var (schema, instance, isValid) in Cases(file))
        {
            var compiled = JsonSchema.Compile(Encoding.UTF8.GetBytes(schema), options);
            var bytes = Encoding.UTF8.GetBytes(instance);
            var result = compiled.Validate(bytes);
            if (compiled.IsValid(bytes) != isValid || result.IsValid != isValid)
            {
                failures.Add($"{schema} says of {instance}: {(result.IsValid ? "valid" : result.ToString())}");
            }
        }

        Assert.Equal("", string.Join('\n', failures));
    }

    [Fact]
    public void There_are_300_cases() => Assert.True(s_files.Sum(static f => Cases(f).Count()) >= 300, $"{s_files.Sum(static f => Cases(f).Count())} cases");

    private static IEnumerable<(string Schema, string Instance, bool IsValid)> Cases(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Corpus", file)));
        foreach (var group in document.RootElement.EnumerateArray())
        {
            foreach (var name in new[] { "valid", "invalid" })
            {
                Assert.True(group.TryGetProperty(name, out _), $"{file}: a group has no \"{name}\"");
            }

            var schema = group.GetProperty("schema").GetRawText();
            foreach (var instance in group.GetProperty("valid").EnumerateArray())
            {
                yield return (schema, instance.GetRawText(), true);
            }

            foreach (var instance in group.GetProperty("invalid").EnumerateArray())
            {
                yield return (schema, instance.GetRawText(), false);
            }
        }
    }
}
