namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>Checks project files and built assemblies against a table of allowed edges.</summary>
internal sealed class DependencyRules(IReadOnlyList<DependencyRow> rows)
{
    /// <summary>Namespaces and types that mean I/O or scheduling. Protocol is pure: bytes in, bytes out.</summary>
    private static readonly string[] Impure =
    [
        "System.Threading.Tasks.", "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.Timer", "System.Net.Sockets.",
        "System.Net.Http.", "System.IO.Pipelines.", "System.IO.Pipes.", "System.IO.File", "System.IO.Directory", "System.IO.Stream",
        "System.Diagnostics.Process", "System.Console",
    ];

    private readonly Dictionary<string, DependencyRow> _rows = rows.ToDictionary(r => r.Project, StringComparer.Ordinal);

    public IEnumerable<string> CheckTable()
    {
        foreach (DependencyRow row in _rows.Values)
        {
            foreach (string target in row.Projects.Where(p => !_rows.ContainsKey(p)))
                yield return $"{row.Project} may reference {target}, which has no row.";
            if (row.Projects.Any(p => Closure(p).Any(r => r.Project == row.Project)))
                yield return $"{row.Project} reaches itself.";
        }
    }

    public IEnumerable<string> CheckProject(ProjectFile project)
    {
        if (!_rows.ContainsKey(project.Name))
            return [$"{project.Name} has no row in the dependency table."];
        return CheckKnownProject(project);
    }

    private IEnumerable<string> CheckKnownProject(ProjectFile project)
    {
        DependencyRow[] reach = Closure(project.Name);
        foreach (string target in project.Projects.Where(t => t == project.Name || reach.All(r => r.Project != t)))
            yield return $"{project.Name} must not reference the project {target}.";
        foreach (string target in project.AnalyzerProjects.Where(t => t != "Peregrine.Generators"))
            yield return $"{project.Name} takes {target} as an analyzer, which it is not.";
        foreach (string package in project.Packages.Where(p => !DependencyTable.BuildOnlyPackages.Contains(p) && reach.All(r => !r.Packages.Contains(p))))
            yield return $"{project.Name} must not reference the package {package}.";
        foreach (string framework in project.Frameworks.Where(f => f != "Microsoft.AspNetCore.App" || !reach.Any(r => r.AspNetCore)))
            yield return $"{project.Name} must not reference the framework {framework}.";
    }

    /// <summary>Checks every project against what its references bring with them.</summary>
    public IEnumerable<string> CheckTransitively(IReadOnlyCollection<ProjectFile> projects)
    {
        Dictionary<string, ProjectFile> byName = projects.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (ProjectFile project in projects.Where(p => _rows.ContainsKey(p.Name)))
        {
            HashSet<string> allowed = [.. Closure(project.Name).Select(r => r.Project)];
            foreach (string target in Reached(project, byName).Where(t => !allowed.Contains(t)))
                yield return $"{project.Name} reaches the project {target}.";
        }
    }

    /// <param name="project">The project that the assembly was built from.</param>
    /// <param name="assembly">The built assembly.</param>
    /// <param name="ours">Project names by the names of their assemblies.</param>
    public IEnumerable<string> CheckAssembly(string project, BuiltAssembly assembly, IReadOnlyDictionary<string, string> ours)
    {
        DependencyRow[] reach = Closure(project);
        bool aspNetCore = reach.Any(r => r.AspNetCore);
        HashSet<string> packages = [.. reach.SelectMany(r => r.Packages).SelectMany(AssembliesOf)];
        foreach (string reference in assembly.References)
        {
            bool allowed = ours.TryGetValue(reference, out string? target)
                ? reach.Any(r => r.Project == target)
                : SharedFrameworks.Bcl.Contains(reference) || packages.Contains(reference) || (aspNetCore && SharedFrameworks.AspNetCore.Contains(reference));
            if (!allowed)
                yield return $"{project}, as built, must not use {reference}.";
        }
    }

    /// <summary>Finds asynchronous work, threads and I/O in an assembly that must have none.</summary>
    public static IEnumerable<string> CheckPure(BuiltAssembly assembly) =>
        assembly.ReferencedTypes
            .Where(t => Impure.Any(i => i[^1] == '.' ? t.StartsWith(i, StringComparison.Ordinal) : t == i || t.StartsWith(i + "`", StringComparison.Ordinal)
                || (i.StartsWith("System.IO.", StringComparison.Ordinal) && (t == i + "Info" || t == i + "Stream"))))
            .Select(t => $"{assembly.Name} must not use {t}: it does no I/O and starts no work.");

    private static string[] AssembliesOf(string package) => package switch
    {
        "OpenTelemetry" => [package, "OpenTelemetry.Api"],
        "Microsoft.Extensions.Options" => [package, "Microsoft.Extensions.Primitives"],
        "Microsoft.CodeAnalysis.CSharp" => [package, "Microsoft.CodeAnalysis"],
        "Microsoft.CodeAnalysis.CSharp.Workspaces" => [package, "Microsoft.CodeAnalysis.Workspaces", "System.Composition.AttributedModel"],
        "Microsoft.Diagnostics.Tracing.TraceEvent" => [package, "Microsoft.Diagnostics.FastSerialization"],
        _ => [package],
    };

    private DependencyRow[] Closure(string project)
    {
        var seen = new Dictionary<string, DependencyRow>(StringComparer.Ordinal);
        var pending = new Stack<string>([project]);
        while (pending.TryPop(out string? next))
        {
            if (!_rows.TryGetValue(next, out DependencyRow? row) || !seen.TryAdd(next, row))
                continue;
            foreach (string target in row.Projects)
                pending.Push(target);
        }

        return [.. seen.Values];
    }

    private static HashSet<string> Reached(ProjectFile project, Dictionary<string, ProjectFile> byName)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>(project.Projects);
        while (pending.TryPop(out string? next))
        {
            if (seen.Add(next) && byName.TryGetValue(next, out ProjectFile? target))
            {
                foreach (string further in target.Projects)
                    pending.Push(further);
            }
        }

        return seen;
    }
}
