namespace Peregrine.Server.Tools;

/// <summary>Marks a method as a tool. Hints left unset are left out of the tool's annotations, so that MCP's defaults hold.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class McpToolAttribute : Attribute
{
    /// <summary>The tool's name; by default the method's name in snake_case, without a final "Async". 1 to 128 of <c>A-Z a-z 0-9 _ - .</c></summary>
    public string? Name { get; set; }

    /// <summary>A name for people.</summary>
    public string? Title { get; set; }

    /// <summary>Hint: the tool changes nothing. MCP's default: false.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Hint: the tool may destroy. MCP's default: true.</summary>
    public bool Destructive { get; set; } = true;

    /// <summary>Hint: a repeated call has no further effect. MCP's default: false.</summary>
    public bool Idempotent { get; set; }

    /// <summary>Hint: the tool reaches out into the world. MCP's default: true.</summary>
    public bool OpenWorld { get; set; } = true;

    /// <summary>
    /// True where the method blocks its thread (sleeps, waits, does file or network I/O synchronously): it then runs on threads of its own. Default false; a tool
    /// that once held a worker for 50 ms is treated so from then on.
    /// </summary>
    public bool Blocking { get; set; }
}
