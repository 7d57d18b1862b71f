namespace Peregrine.Architecture.Tests.Dependencies;

/// <summary>What one project under src may reference by itself; what those projects may reference comes with them.</summary>
internal sealed record DependencyRow(string Project, string[] Projects, string[] Packages, bool AspNetCore = false);
