using Peregrine.Transport.Connections;

namespace Peregrine.Transport.Processes;

/// <summary>How a server is started as a child process, and how it is ended.</summary>
public sealed record ProcessConnectionOptions
{
    /// <summary>The program: a path, or a name that is looked for in the child's <c>PATH</c> (on Windows with the endings of <c>PATHEXT</c>). Never a shell line.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, each passed as it is. Default: none.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its working directory; null (the default) for this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Environment variables to add or replace; a null value removes one. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>True (the default) where the child gets this process's environment too; false where it gets only <see cref="Environment"/>.</summary>
    public bool InheritEnvironment { get; init; } = true;

    /// <summary>
    /// How long the child may take to end after its standard input was closed, and again after SIGTERM, before it is killed with everything it started.
    /// Zero or more. Default 2 s.
    /// </summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Takes each line of the child's standard error, on a worker: return soon. Null for none. The last lines are kept for error messages anyway.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>Settings of the connection.</summary>
    public DuplexConnectionOptions Connection { get; init; } = new();
}
