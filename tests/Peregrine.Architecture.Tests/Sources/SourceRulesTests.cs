namespace Peregrine.Architecture.Tests.Sources;

/// <summary>Shows that each rule about source files can fail.</summary>
public sealed class SourceRulesTests
{
    private const string Path = "src/Peregrine.Server/Tools/Tool.cs";
    private static readonly Dictionary<string, string> Nothing = [];

    [Theory]
    [InlineData("class StringUtils;", "StringUtils")]
    [InlineData("class ConnectionManager;", "ConnectionManager")]
    [InlineData("static class Helpers;", "Helpers")]
    [InlineData("class Outer { struct JsonHelper; }", "JsonHelper")]
    [InlineData("enum Common { A }", "Common")]
    [InlineData("delegate void SessionManager();", "SessionManager")]
    public void Empty_type_name_fails(string source, string expected) => Violations.Single(expected, SourceRules.CheckNames(new(Path, source)));

    [Theory]
    [InlineData("class LongestCommonPrefix;")]
    [InlineData("class Managed;")]
    [InlineData("record struct Commons;")]
    public void Other_type_name_passes(string source) => Violations.None(SourceRules.CheckNames(new(Path, source)));

    [Theory]
    [InlineData("src/Peregrine.Common/A.cs", "Peregrine.Common")]
    [InlineData("src/Peregrine.Server/Utils/A.cs", "Utils")]
    [InlineData("src/Peregrine.Server/JsonHelpers.cs", "JsonHelpers.cs")]
    public void Empty_folder_name_fails(string path, string expected) => Violations.Single(expected, SourceRules.CheckPath(path));

    [Fact]
    public void Other_path_passes() => Violations.None(SourceRules.CheckPath(Path));

    [Fact]
    public void Two_public_types_fail() =>
        Violations.Single("Tool, Call", SourceRules.CheckPublicTypes(new(Path, "namespace N; public class Tool; public delegate void Call();")));

    [Fact]
    public void One_public_type_with_others_inside_or_internal_passes() =>
        Violations.None(SourceRules.CheckPublicTypes(new(Path, "namespace N; public class Tool { public enum Kind { A } } public class Tool<T>; class Call;")));

    [Fact]
    public void Long_file_fails_unless_it_is_exempt()
    {
        SourceFile file = new(Path, string.Concat(Enumerable.Repeat("// line\n", SourceRules.MaxLines)));
        Violations.Single("400 lines", SourceRules.CheckLength(file, Nothing));
        Violations.None(SourceRules.CheckLength(file, new Dictionary<string, string> { [Path] = "a parser" }));
        Violations.None(SourceRules.CheckLength(new(Path, string.Concat(Enumerable.Repeat("// line\n", SourceRules.MaxLines - 1))), Nothing));
    }

    [Theory]
    [InlineData("namespace Peregrine.Server;", "the folder says Peregrine.Server.Tools")]
    [InlineData("namespace Peregrine.Server.Tools { class A; }", "not file-scoped")]
    public void Other_namespace_than_the_folder_fails(string source, string expected) =>
        Violations.Single(expected, SourceRules.CheckNamespace(new(Path, source)));

    [Theory]
    [InlineData("namespace Peregrine.Server.Tools;")]
    [InlineData("namespace Microsoft.Extensions.DependencyInjection;")]
    [InlineData("return 0;")]
    public void Namespace_of_the_folder_passes(string source) => Violations.None(SourceRules.CheckNamespace(new(Path, source)));

    [Fact]
    public void Banned_symbol_outside_a_seam_fails()
    {
        SourceFile file = new(Path, "#pragma warning disable RS0030 // reason\n");
        Violations.Single("RS0030", SourceRules.CheckSeam(file, Nothing));
        Violations.None(SourceRules.CheckSeam(file, new Dictionary<string, string> { [Path] = "the seam" }));
    }

    [Fact]
    public void Exemption_that_no_longer_applies_fails() =>
        Violations.Single("gone.cs", SourceRules.CheckStale("list", new Dictionary<string, string> { ["gone.cs"] = "a reason" }, _ => false));

    [Fact]
    public void Exemption_without_a_reason_fails() =>
        Assert.Throws<InvalidDataException>(() => RepositoryFiles.ParseList("# comment\nsrc/A.cs |\n"));
}
