namespace Peregrine.JsonSchema.Tests.Suite;

public sealed class SuiteTests
{
    public static TheoryData<string, JsonSchemaDraft> Drafts => new()
    {
        { "draft2020-12", JsonSchemaDraft.Draft202012 },
        { "draft2019-09", JsonSchemaDraft.Draft201909 },
        { "draft7", JsonSchemaDraft.Draft7 },
    };

    [Theory]
    [MemberData(nameof(Drafts))]
    public void Required_tests_pass(string folder, JsonSchemaDraft draft)
    {
        Assert.SkipWhen(SchemaSuite.Folder is null, SchemaSuite.Absent);
        var cases = SchemaSuite.Cases(folder).ToList();
        Assert.True(cases.Count > 500, $"only {cases.Count} cases");
        Assert.Equal("", string.Join("\n", SchemaSuite.Failures(cases, Options(draft))));
    }

    [Theory]
    [MemberData(nameof(Drafts))]
    public void Optional_tests_pass(string folder, JsonSchemaDraft draft)
    {
        Assert.SkipWhen(SchemaSuite.Folder is null, SchemaSuite.Absent);
        Assert.Equal("", string.Join("\n", SuiteExceptions.Unexplained(SchemaSuite.Failures(SchemaSuite.Cases(folder + "/optional"), Options(draft)))));
    }

    [Theory]
    [MemberData(nameof(Drafts))]
    public void Format_tests_pass(string folder, JsonSchemaDraft draft)
    {
        Assert.SkipWhen(SchemaSuite.Folder is null, SchemaSuite.Absent);
        var cases = SchemaSuite.Cases(folder + "/optional/format").ToList();
        var failures = SchemaSuite.Failures(cases, Options(draft) with { AssertFormat = true });
        Assert.Equal("", string.Join("\n", SuiteExceptions.Unexplained(failures)));
        Assert.True(failures.Count * 20 <= cases.Count, $"{failures.Count} of {cases.Count} differ; at most 5 % may.");
    }

    private static JsonSchemaOptions Options(JsonSchemaDraft draft) => JsonSchemaOptions.Default with { DefaultDraft = draft, Resolver = SchemaSuite.Resolve };
}
