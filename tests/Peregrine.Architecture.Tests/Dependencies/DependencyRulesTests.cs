namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>Shows that each rule about dependencies can fail.</summary>
public sealed class DependencyRulesTests
{
    private static readonly DependencyRules Rules = new(DependencyTable.Rows);

    [Theory]
    [InlineData("Peregrine.Protocol", """<ProjectReference Include="../Peregrine.Transport/Peregrine.Transport.csproj" />""", "Peregrine.Transport")]
    [InlineData("Peregrine.Protocol", """<PackageReference Include="Microsoft.Extensions.Options" />""", "Microsoft.Extensions.Options")]
    [InlineData("Peregrine.Server", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "Microsoft.AspNetCore.App")]
    [InlineData("Peregrine.Server", """<PackageReference Include="Npgsql" />""", "Npgsql")]
    [InlineData("Peregrine.Load", """<ProjectReference Include="..\Peregrine.Client\Peregrine.Client.csproj" />""", "Peregrine.Client")]
    [InlineData("Peregrine.Server", """<ProjectReference Include="../../tests/Peregrine.Fakes/Peregrine.Fakes.csproj" />""", "Peregrine.Fakes")]
    [InlineData("Peregrine.Server", """<ProjectReference Include="../Peregrine.Client/Peregrine.Client.csproj" OutputItemType="Analyzer" />""", "analyzer")]
    [InlineData("Peregrine.Invented", "", "no row")]
    public void Project_file_with_a_forbidden_edge_fails(string project, string item, string expected) =>
        Violations.Single(expected, Rules.CheckProject(Project(project, item)));

    [Fact]
    public void Project_file_with_allowed_edges_passes() =>
        Violations.None(Rules.CheckProject(Project("Peregrine.Gateway", """
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            <ProjectReference Include="../Peregrine.Client/Peregrine.Client.csproj" />
            <ProjectReference Include="../Peregrine.Generators/Peregrine.Generators.csproj" OutputItemType="Analyzer" />
            """)));

    [Fact]
    public void Imported_files_count()
    {
        ProjectFile project = ProjectFile.Parse(
            "Peregrine.Protocol",
            """<Project><Import Project="more.props" /></Project>""",
            _ => """<Project><ItemGroup><PackageReference Include="Npgsql" /></ItemGroup></Project>""");
        Violations.Single("Npgsql", Rules.CheckProject(project));
    }

    [Fact]
    public void Edge_through_another_project_fails()
    {
        ProjectFile transport = Project("Peregrine.Transport", """<ProjectReference Include="x/Peregrine.Protocol.csproj" />""");
        ProjectFile protocol = Project("Peregrine.Protocol", """<ProjectReference Include="x/Peregrine.Execution.csproj" />""");
        Assert.Contains("Peregrine.Transport reaches the project Peregrine.Execution.", Rules.CheckTransitively([transport, protocol]));
    }

    [Fact]
    public void Table_with_an_unknown_project_or_a_cycle_fails()
    {
        Violations.Single("no row", new DependencyRules([new("A", ["B"], [])]).CheckTable());
        Assert.Equal(2, new DependencyRules([new("A", ["B"], []), new("B", ["A"], [])]).CheckTable().Count());
    }

    [Theory]
    [InlineData("Peregrine.Server", "public class C { public Microsoft.AspNetCore.Http.HttpContext? P; }", "Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("Peregrine.Protocol", "public class C { public Microsoft.Extensions.Logging.ILogger? P; }", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Peregrine.Server", "public class C { public Xunit.FactAttribute? P; }", "xunit.v3.core")]
    public void Built_assembly_with_a_forbidden_reference_fails(string project, string source, string expected) =>
        Violations.Single(expected, Rules.CheckAssembly(project, Built(source), new Dictionary<string, string>()));

    [Fact]
    public void Built_assembly_that_uses_a_forbidden_project_fails()
    {
        BuiltAssembly assembly = new("Peregrine.Load", ["Peregrine.Client", "Peregrine.Transport", "System.Runtime"], []);
        var ours = new Dictionary<string, string> { ["Peregrine.Client"] = "Peregrine.Client", ["Peregrine.Transport"] = "Peregrine.Transport" };
        Violations.Single("Peregrine.Client", Rules.CheckAssembly("Peregrine.Load", assembly, ours));
    }

    [Fact]
    public void Built_assembly_with_allowed_references_passes() =>
        Violations.None(Rules.CheckAssembly(
            "Peregrine.Gateway",
            Built("public class C { public Microsoft.AspNetCore.Http.HttpContext? P; public System.Text.Json.JsonDocument? D; }"),
            new Dictionary<string, string>()));

    [Theory]
    [InlineData("public class C { public System.Threading.Tasks.Task<int>? P; }", "Task`1")]
    [InlineData("public class C { public System.Threading.Tasks.ValueTask P; }", "ValueTask")]
    [InlineData("public class C { public System.IO.FileStream? P; }", "System.IO.FileStream")]
    [InlineData("public class C { public System.IO.Stream? P; }", "System.IO.Stream")]
    [InlineData("public class C { public System.Net.Sockets.Socket? P; }", "Socket")]
    [InlineData("public class C { public void M() => System.Console.WriteLine(); }", "System.Console")]
    public void Assembly_that_does_io_or_starts_work_is_not_pure(string source, string expected) =>
        Violations.Single(expected, DependencyRules.CheckPure(Built(source)));

    [Fact]
    public void Assembly_that_throws_and_compares_is_pure() =>
        Violations.None(DependencyRules.CheckPure(Built(
            "public class C { public void M(System.Threading.CancellationToken t) { t.ThrowIfCancellationRequested(); throw new System.IO.InvalidDataException(); } }")));

    private static BuiltAssembly Built(string source) => BuiltAssembly.Read(CompiledSample.Compile(source));

    private static ProjectFile Project(string name, string items) => ProjectFile.Parse(name, $"<Project><ItemGroup>{items}</ItemGroup></Project>");
}
