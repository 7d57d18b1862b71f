using Peregrine.Generators.Tests.Serving;

namespace Peregrine.Generators.Tests.Matrix;

public sealed class BoundsTests
{
    private static readonly ToolServer Server = ToolServer.Of<BoundedTools>();

    [Theory]
    [InlineData("int", """{"type":"integer","minimum":1,"maximum":10}""")]
    [InlineData("int_exclusive", """{"type":"integer","minimum":2,"maximum":9}""")]
    [InlineData("int_fractional", """{"type":"integer","minimum":1,"maximum":9}""")]
    [InlineData("int_at_least", """{"type":"integer","minimum":1}""")]
    [InlineData("double", """{"type":"number","minimum":0.1,"maximum":0.9}""")]
    [InlineData("double_exclusive", """{"type":["number","null"],"exclusiveMinimum":0,"maximum":1,"default":0.5}""")]
    [InlineData("double_at_least", """{"type":"number","minimum":0}""")]
    [InlineData("decimal", """{"type":"number","minimum":0.01,"maximum":79228162514264337593543950334}""")]
    [InlineData("length", """{"type":"string","minLength":2,"maxLength":3}""")]
    [InlineData("string_length", """{"type":"string","minLength":1,"maxLength":3}""")]
    [InlineData("min_max", """{"type":["string","null"],"minLength":2,"maxLength":4}""")]
    [InlineData("pattern", """{"type":"string","pattern":"^(?:[a-z]+|x)$"}""")]
    [InlineData("anchored", """{"type":"string","pattern":"^[a-z]+$"}""")]
    [InlineData("dollars", """{"type":"string","pattern":"^(?:^\\d+\\$)$"}""")]
    public void Schema_has_the_bounds(string tool, string property) => Assert.Equal(property, Server.Property(tool, "value").GetRawText());

    [Theory]
    [InlineData("int", "1", "1")]
    [InlineData("int", "10", "10")]
    [InlineData("int_exclusive", "2", "2")]
    [InlineData("int_exclusive", "9", "9")]
    [InlineData("int_fractional", "1", "1")]
    [InlineData("double", "0.1", "0.1")]
    [InlineData("single", "0.1", "0.1")]
    [InlineData("single", "0.9", "0.9")]
    [InlineData("double_exclusive", "1", "1")]
    [InlineData("double_exclusive", "null", "-1")]
    [InlineData("decimal", "0.01", "0.01")]
    [InlineData("length", "\"🦅🦅🦅\"", "🦅🦅🦅")]
    [InlineData("length", "\"ab\"", "ab")]
    [InlineData("min_max", "null", "null")]
    [InlineData("min_max", "\"abcd\"", "abcd")]
    public async Task Value_inside_the_bounds_is_taken(string tool, string json, string text) =>
        Assert.Equal(text, await Server.TextAsync(tool, $$"""{"value":{{json}}}"""));

    [Theory]
    [InlineData("int", "0", "Argument \"value\" must be an integer from 1 to 10; found 0.")]
    [InlineData("int", "11", "Argument \"value\" must be an integer from 1 to 10; found 11.")]
    [InlineData("int_exclusive", "1", "Argument \"value\" must be an integer from 2 to 9; found 1.")]
    [InlineData("int_exclusive", "10", "Argument \"value\" must be an integer from 2 to 9; found 10.")]
    [InlineData("int_fractional", "0", "Argument \"value\" must be an integer from 1 to 9; found 0.")]
    [InlineData("int_at_least", "0", "Argument \"value\" must be an integer from 1 to 2147483647; found 0.")]
    [InlineData("double", "0.95", "Argument \"value\" must be a number from 0.1 to 0.9; found 0.95.")]
    [InlineData("double_exclusive", "0", "Argument \"value\" must be more than 0.")]
    [InlineData("double_exclusive", "1.5", "Argument \"value\" must be a number from 0 to 1; found 1.5.")]
    [InlineData("double_at_least", "-1", "Argument \"value\" must be a number of at least 0; found -1.")]
    [InlineData("decimal", "0", "Argument \"value\" must be a number from 0.01 to 79228162514264337593543950334; found 0.")]
    [InlineData("length", "\"🦅\"", "Argument \"value\" must have 2 to 3 characters; found 1.")]
    [InlineData("length", "\"abcd\"", "Argument \"value\" must have 2 to 3 characters; found 4.")]
    [InlineData("string_length", "\"\"", "Argument \"value\" must have 1 to 3 characters; found 0.")]
    [InlineData("min_max", "\"a\"", "Argument \"value\" must have 2 to 4 characters; found 1.")]
    [InlineData("at_least", "\"a\"", "Argument \"value\" must have at least 2 characters; found 1.")]
    public async Task Value_outside_the_bounds_is_refused(string tool, string json, string message) =>
        Assert.Equal(message, await Server.RefusalAsync(tool, $$"""{"value":{{json}}}"""));
}
