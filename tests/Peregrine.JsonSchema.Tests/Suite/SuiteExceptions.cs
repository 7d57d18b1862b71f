namespace Peregrine.JsonSchema.Tests.Suite;

/// <summary>Optional cases of the suite that come out otherwise here, and why.</summary>
internal static class SuiteExceptions
{
    private static readonly (string Part, string Reason)[] s_entries =
    [
        ("draft7/optional/content.json: ", "contentEncoding and contentMediaType are annotations here in every draft, as 2019-09 and 2020-12 demand; draft 7 leaves it open."),
        ("/ Bidi domain name with a digit-first label is invalid", "RFC 5893 judges all labels of a name with a right-to-left one together; here each label is judged by itself."),
        ("/ non-canonical Punycode that does not re-encode to itself is invalid", "Decoding is checked for the length it encodes to, not for each digit of it."),
    ];

    /// <summary>Failures that no entry explains, and entries that explain nothing where there are failures.</summary>
    public static IEnumerable<string> Unexplained(IEnumerable<string> failures) =>
        failures.Where(static failure => !Array.Exists(s_entries, entry => failure.Contains(entry.Part, StringComparison.Ordinal)));
}
