"""What people see: the command line and the page; the only package that puts objects together."""
