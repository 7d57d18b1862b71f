namespace Peregrine.Architecture.Tests.Documents;

/// <summary>C# in a document is a copy of a sample, which the build compiles: a comment before the block names the file.</summary>
internal static class SampleRules
{
    public static IEnumerable<string> Check(string document, string text, Func<string, string?> readSample)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] is not ("```csharp" or "```cs" or "```jsonc"))
                continue;
            int end = Array.IndexOf(lines, "```", i + 1);
            string? sample = i > 0 && lines[i - 1].StartsWith("<!-- samples/", StringComparison.Ordinal) ? lines[i - 1][5..^4] : null;
            if (sample is null)
            {
                if (lines[i] != "```jsonc")
                    yield return $"{document}:{i + 1}: the block does not name the sample that it is a copy of.";
            }
            else if (readSample(sample)?.ReplaceLineEndings("\n").TrimEnd() != string.Join('\n', lines[(i + 1)..end]))
            {
                yield return $"{document}:{i + 1}: the block differs from {sample}.";
            }

            i = end;
        }
    }
}
