namespace Peregrine.Cli.Configuring;

/// <summary>A program that starts MCP servers, and how it keeps the list of them.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Member">The member of its file under which servers stand.</param>
/// <param name="NamesType">True where an entry says by which transport the server is reached.</param>
/// <param name="File">Its file, with forward slashes: relative to the working directory for a project's, absolute for the user's.</param>
internal sealed record ClientProgram(string Name, string Label, string Member, bool NamesType, string File)
{
    /// <summary>Those that are known. Where each keeps its file is in its own documentation.</summary>
    internal static IReadOnlyList<ClientProgram> All { get; } =
    [
        new("claude", "Claude Desktop", "mcpServers", NamesType: false, ClaudeDesktopFile()),
        new("claude-code", "Claude Code (this project)", "mcpServers", NamesType: true, ".mcp.json"),
        new("vscode", "VS Code (this project)", "servers", NamesType: true, ".vscode/mcp.json"),
        new("cursor", "Cursor (this project)", "mcpServers", NamesType: false, ".cursor/mcp.json"),
    ];

    internal static ClientProgram? Find(string name) => All.FirstOrDefault(client => client.Name == name);

    // https://modelcontextprotocol.io/docs/develop/connect-local-servers: on Linux it follows the place that its packages use.
    private static string ClaudeDesktopFile()
    {
        const string FileName = "claude_desktop_config.json";
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Claude")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support", "Claude")
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(home, ".config"), "Claude");
        return Path.Combine(folder, FileName);
    }
}
