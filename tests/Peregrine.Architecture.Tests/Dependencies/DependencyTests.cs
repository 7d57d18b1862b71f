namespace Peregrine.Architecture.Tests.Dependencies;

public sealed class DependencyTests
{
    private static readonly DependencyRules Rules = new(DependencyTable.Rows);

    private static readonly Dictionary<string, string> Ours =
        SourceProjects.All.ToDictionary(p => p.AssemblyName, p => p.Name, StringComparer.Ordinal);

    [Fact]
    public void Table_is_closed_and_without_cycles() => Violations.None(Rules.CheckTable());

    [Fact]
    public void Project_files_follow_the_table()
    {
        Assert.NotEmpty(SourceProjects.All);
        Violations.None(SourceProjects.All.SelectMany(Rules.CheckProject));
    }

    [Fact]
    public void Project_files_follow_the_table_transitively() => Violations.None(Rules.CheckTransitively(SourceProjects.All));

    [Fact]
    public void Built_assemblies_follow_the_table() =>
        Violations.None(SourceProjects.WithCode.SelectMany(p => Rules.CheckAssembly(p.Name, BuiltAssembly.Read(SourceProjects.ReadImage(p)), Ours)));

    [Fact]
    public void Protocol_does_no_io_and_starts_no_work() =>
        Violations.None(SourceProjects.All.Where(p => p.Name == "Peregrine.Protocol")
            .SelectMany(p => DependencyRules.CheckPure(BuiltAssembly.Read(SourceProjects.ReadImage(p)))));
}
