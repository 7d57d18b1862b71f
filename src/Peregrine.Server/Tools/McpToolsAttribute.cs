namespace Peregrine.Server.Tools;

/// <summary>Marks a class whose methods marked <see cref="McpToolAttribute"/> are tools. The generator writes their binders and schemas.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class McpToolsAttribute : Attribute;
