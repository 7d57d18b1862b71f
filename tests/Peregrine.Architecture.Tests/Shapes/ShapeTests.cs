using Peregrine.Architecture.Tests.Dependencies;

namespace Peregrine.Architecture.Tests.Shapes;

public sealed class ShapeTests
{
    /// <summary>Namespaces of the official SDK that a file with tools imports.</summary>
    private static readonly string[] Imported =
        ["ModelContextProtocol", "ModelContextProtocol.Server", "ModelContextProtocol.Client", "ModelContextProtocol.Protocol"];

    [Fact]
    public void Public_classes_are_sealed_static_or_abstract() =>
        Violations.None(SourceProjects.Libraries().SelectMany(l => ShapeRules.CheckSealed(l.Assembly.GetExportedTypes())));

    [Fact]
    public void No_name_of_the_official_sdk_is_taken()
    {
        string[] taken = [.. RepositoryFiles.Read("tests/Peregrine.Architecture.Tests/Data/ModelContextProtocol.Core-2.3.1.txt")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(n => Imported.Contains(n[..Math.Max(0, n.LastIndexOf('.'))]))];
        Assert.Contains("ModelContextProtocol.Server.McpServerTool", taken);
        Violations.None(SourceProjects.Libraries().Where(l => l.Project.Name is "Peregrine.Server" or "Peregrine.Client")
            .SelectMany(l => ShapeRules.CheckNamesTaken(l.Assembly.GetExportedTypes(), taken)));
    }

    [Fact]
    public void Event_ids_are_unique_in_an_assembly() =>
        Violations.None(SourceProjects.Libraries().SelectMany(l => ShapeRules.CheckEventIds(l.Assembly.GetTypes())));
}
