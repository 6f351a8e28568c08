/**
 * What a server keeps its runs in: SQLite for one process, PostgreSQL for several. Also the
 * dispatcher, which has its due times there. Imports {@code core}, {@code port}, {@code json} and
 * the libraries that speak to databases.
 */
@NullMarked
package dev.agentrunner.adapter.sql;

import org.jspecify.annotations.NullMarked;
